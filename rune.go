package loam

import "unicode"

// Breaks reports what ends a line or is no character of one.
func Breaks(r rune) bool { return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) }

// Unseen reports what cannot be seen, ends a line or turns the direction of the words around it, by which
// one name or address can look like another.
func Unseen(r rune) bool { return Breaks(r) || unicode.Is(unicode.Cf, r) }
