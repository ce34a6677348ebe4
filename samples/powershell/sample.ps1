# Issues, shows and revokes certificates: sample.ps1 issue PROFILE SEAT CSR-FILE | show SERIAL | revoke SERIAL REASON

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot DigiCertOne.psm1)

$usage = 'usage: sample.ps1 issue PROFILE SEAT CSR-FILE | show SERIAL | revoke SERIAL REASON'
$status = 130
$reason = 'cancelled'
try {
    $client = New-DigiCertOneClient
    if ($args.Count -eq 4 -and $args[0] -eq 'issue') {
        [Console]::Out.Write((New-OneCertificate $client $args[1] $args[2] (Get-Content -Raw $args[3])))
    }
    elseif ($args.Count -eq 2 -and $args[0] -eq 'show') {
        $details = Get-OneCertificate $client $args[1]
        [Console]::Out.WriteLine("$($details['serial_number']) $($details['status'])")
    }
    elseif ($args.Count -eq 3 -and $args[0] -eq 'revoke') {
        Revoke-OneCertificate $client $args[1] $args[2]
        [Console]::Out.WriteLine("revoked $($args[1])")
    }
    else { throw [ArgumentException]::new($usage) }
    $status = 0
}
catch {
    $status = if ($_.Exception -is [ArgumentException]) { 2 } else { 1 }
    $reason = $_.Exception.Message
}
finally {
    # Ctrl-C comes here alone, past the catch.
    if ($status -ne 0) { [Console]::Error.WriteLine($reason) }
    [Environment]::Exit($status)
}
