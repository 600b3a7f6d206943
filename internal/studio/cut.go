package studio

import (
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"loam/internal/text"
)

// clusters is the longest start of s, in characters as they are seen, that still fits; if
// not even the first one does, the same in code points.
func clusters(s string, fits func(string) bool) string {
	at, state := 0, -1
	for rest := s; rest != ""; {
		var c string
		c, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if !fits(s[:at+len(c)]) {
			break
		}
		at += len(c)
	}
	if at > 0 {
		return s[:at]
	}
	for i, r := range s {
		if end := i + utf8.RuneLen(r); !fits(s[:end]) {
			break
		} else {
			at = end
		}
	}
	return s[:at]
}

// cutWords is the longest start of s that fits and ends between words; if that leaves less
// than half of what would fit, it ends between characters.
func cutWords(s string, fits func(string) bool) string {
	whole := clusters(s, fits)
	if len(whole) == len(s) {
		return s
	}
	window := s[:runeOffset(s, utf8.RuneCountInString(whole)+16)]
	at := 0
	for _, w := range text.Words(window) {
		if at+len(w) > len(whole) {
			break
		}
		at += len(w)
	}
	if at*2 < len(whole) {
		return whole
	}
	return s[:at]
}

// head is the longest start of s of at most n characters that ends between words.
func head(s string, n int) string {
	return cutWords(s, func(c string) bool { return utf8.RuneCountInString(c) <= n })
}

// runeOffset is the byte offset of the n-th character, or the length.
func runeOffset(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}
