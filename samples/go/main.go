package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
)

const usage = "usage: sample issue PROFILE SEAT CSR-FILE | show SERIAL | revoke SERIAL REASON"

var errUsage = errors.New(usage)

// Issues, shows and revokes certificates.
func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	settings, err := SettingsFromEnvironment()
	if err != nil {
		fail(err.Error(), 2)
	}
	switch err := run(ctx, NewClient(settings), os.Args[1:]); {
	case err == nil:
	case errors.Is(err, errUsage):
		fail(usage, 2)
	case errors.Is(err, context.Canceled):
		fail("cancelled", 130)
	default:
		fail(err.Error(), 1)
	}
}

func run(ctx context.Context, client *Client, args []string) error {
	switch {
	case len(args) == 4 && args[0] == "issue":
		csr, err := os.ReadFile(args[3])
		if err != nil {
			return err
		}
		certificate, err := client.Issue(ctx, args[1], args[2], string(csr))
		if err != nil {
			return err
		}
		fmt.Print(certificate.Certificate)
	case len(args) == 2 && args[0] == "show":
		details, err := client.Details(ctx, args[1])
		if err != nil {
			return err
		}
		fmt.Println(details.SerialNumber, details.Status)
	case len(args) == 3 && args[0] == "revoke":
		if err := client.Revoke(ctx, args[1], args[2]); err != nil {
			return err
		}
		fmt.Println("revoked", args[1])
	default:
		return errUsage
	}
	return nil
}

func fail(reason string, status int) {
	fmt.Fprintln(os.Stderr, reason)
	os.Exit(status)
}
