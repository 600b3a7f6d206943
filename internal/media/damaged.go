package media

import "loam"

// The codes of a file that cannot be followed to its end.
const (
	codePicture = "picture.broken"
	codeFile    = "media.broken"
)

// damaged is a file other than a picture that cannot be followed: Invalid, "media.broken".
func damaged(why string) error {
	return loam.Fail(loam.Invalid, codeFile).Because(errString(why))
}

// broken is a picture that cannot be followed: Invalid, "picture.broken".
func broken(why string) error {
	return loam.Fail(loam.Invalid, codePicture).Because(errString(why))
}

// Broken reports whether an error says that a file of a known container breaks off or lies
// about itself.
func Broken(err error) bool {
	code := loam.CodeOf(err)
	return code == codePicture || code == codeFile
}
