// Command loam-verify checks a copied or served rights log, with nothing of Loam's server in
// it: the standard library, golang.org/x/mod/sumdb, and the packages audit, merkle, ledger and
// verify with the root package's list of uses. It prints what the log holds, or the first check
// that was violated.
//
// Its exit status is 0 for a log that holds, 1 for one that does not, 2 for a question it
// could not put.
package main

import (
	"os"

	"loam/internal/audit"
)

func main() { os.Exit(audit.Verify("loam-verify", os.Args[1:], os.Stdout, os.Stderr)) }
