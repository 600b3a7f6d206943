package media

import (
	"errors"
	"fmt"

	"loam"
)

// The codes of a file that cannot be followed to its end.
const (
	codePicture = "picture.broken"
	codeFile    = "media.broken"
	codeTail    = "media.trailing"
)

// damaged is a file other than a picture that cannot be followed: Invalid, "media.broken".
func damaged(why string) error {
	return loam.Fail(loam.Invalid, codeFile).Because(errString(why))
}

// broken is a picture that cannot be followed: Invalid, "picture.broken".
func broken(why string) error {
	return loam.Fail(loam.Invalid, codePicture).Because(errString(why))
}

// errTail is where the bytes begin that stand behind a film and are none of it.
type errTail int64

func (e errTail) Error() string { return fmt.Sprintf("bmff: no box at %d", int64(e)) }

// trailing is a film with bytes of another kind behind it, as a file of two kinds has: Invalid,
// "media.trailing".
func trailing(at int64) error { return loam.Fail(loam.Invalid, codeTail).Because(errTail(at)) }

// tailOf is where the bytes behind a film begin, by the error of following it.
func tailOf(err error) (int64, bool) {
	at, ok := errors.AsType[errTail](err)
	return int64(at), ok
}

// Broken reports whether an error says that a file of a known container breaks off, lies about
// itself or has another behind it: what was found before that stands.
func Broken(err error) bool {
	switch loam.CodeOf(err) {
	case codePicture, codeFile, codeTail:
		return true
	}
	return false
}
