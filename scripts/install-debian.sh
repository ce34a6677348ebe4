#!/usr/bin/env bash
# Installs, as root on Debian or Ubuntu, the programs that the tests judge with and that the benchmark
# measures beside us. Only what is missing; a package that cannot be had is named and passed over.
# usage: install-debian.sh [STAMP]: does nothing when the file STAMP exists, and makes it when done.
set -u -o pipefail

stamp=${1:-}
if [[ -n $stamp && -e $stamp ]]; then exit 0; fi

# command:package …
wanted=(
  openssl:openssl curl:curl python3:python3
  php:php-cli ruby:ruby go:golang-go
  cfssl:golang-cfssl wrk:wrk
  javac:default-jdk-headless mcs:mono-mcs
)
missing=()
for pair in "${wanted[@]}"; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
# PHP clients speak HTTP through its curl extension, which is a package of its own.
if [[ " ${missing[*]} " == *" php-cli "* ]] || ! php -m 2>/dev/null | grep -qx curl; then missing+=(php-curl); fi
# The C# compiler comes without the libraries that the C# sample is built on.
if [[ " ${missing[*]} " == *" mono-mcs "* ]]; then
  missing+=(libmono-system-net-http4.0-cil libmono-system-runtime-serialization4.0-cil libmono-system-xml-linq4.0-cil)
fi
if [[ ${#missing[@]} -eq 0 ]]; then exit 0; fi

export DEBIAN_FRONTEND=noninteractive
options=(-qq -y --no-install-recommends -o Acquire::http::Timeout=20 -o Acquire::Retries=1 -o DPkg::Lock::Timeout=300)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

echo "installing with apt-get: ${missing[*]}"
if ! apt-get update -qq -o Acquire::http::Timeout=20 -o Acquire::Retries=1 >"$log" 2>&1; then
  echo "apt-get update failed: $(tail -n 1 "$log")"
  exit 1
fi
if ! apt-get install "${options[@]}" "${missing[@]}" >"$log" 2>&1; then
  # One that is not to be had must not keep the others out.
  for package in "${missing[@]}"; do
    apt-get install "${options[@]}" "$package" >"$log" 2>&1 || echo "not installed: $package ($(tail -n 1 "$log"))"
  done
fi
if [[ -n $stamp ]]; then touch "$stamp"; fi
