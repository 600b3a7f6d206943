package media

import (
	"bytes"
	"unicode/utf8"

	"loam"
)

// Read finds every AI mark of a file in memory; see Marks.
func Read(b []byte) ([]Found, error) {
	_, found, err := Marks(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return found, nil
}

// IsText reports whether bytes are UTF-8 text without NUL.
func IsText(b []byte) bool {
	return len(b) <= MaxBytes && utf8.Valid(b) && !bytes.ContainsRune(b, 0)
}

// Write puts a label into a file in memory as its only one and gives the new bytes; see
// Plan.
func Write(b []byte, m loam.Mark, opts ...Option) ([]byte, error) {
	e, err := Plan(bytes.NewReader(b), m, opts...)
	if err != nil {
		return nil, err
	}
	return e.Bytes()
}

// write puts a label's text into a picture.
func write(b []byte, raw string) ([]byte, error) {
	t, err := Sniff(b)
	if err != nil {
		return nil, err
	}
	put := putSourced(t)
	if put == nil || t == GIF {
		return nil, loam.Fail(loam.Invalid, "picture.container", string(t))
	}
	e, err := put(bytes.NewReader(b), raw, "")
	if err != nil {
		return nil, err
	}
	return e.Bytes()
}
