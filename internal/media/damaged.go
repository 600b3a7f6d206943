package media

import "loam"

// damaged is a file other than a picture that cannot be followed: Invalid, "media.broken".
func damaged(why string) error {
	return loam.Fail(loam.Invalid, "media.broken").Because(errString(why))
}
