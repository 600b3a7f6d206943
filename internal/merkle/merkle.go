// Package merkle reads and proves the two kinds of tree the rights ledger stands on: the log,
// an RFC 6962 tree served as C2SP tiles under signed checkpoints, and sorted trees, which also
// prove that a key is absent.
//
// It stands apart because a stranger must be able to read all of it: it knows nothing of
// leaves, stores or networks, and its only dependency besides the standard library is
// golang.org/x/mod/sumdb. Whatever it reads may come from somebody who wants to be believed:
// sizes are bounded before anything is allocated, and nothing is taken for true that does not
// lead to a signed root.
package merkle

import (
	"golang.org/x/mod/sumdb/tlog"

	"loam"
)

// Hash is a SHA-256 digest, written in base64.
type Hash = tlog.Hash

// Files reads a whole file of a log by its slash-separated path below the log's prefix, such
// as "checkpoint" or "tile/0/x001/234". Bounding what it returns is its implementer's duty.
type Files func(path string) ([]byte, error)

// MaxEntry is the longest log entry: bundles give its length as a uint16.
const MaxEntry = 1<<16 - 1

// MaxSize bounds the size of a log, so that no arithmetic on indexes overflows.
const MaxSize = 1 << 48

// broken is the error for a log that cannot be read or does not hold together.
func broken(code, path string, err error) error {
	return loam.Fail(loam.Invalid, code, path).Because(err)
}
