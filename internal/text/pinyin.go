package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// mostReadings bounds how many readings of one word are kept: 行 has five by itself.
const mostReadings = 4

// Pinyin gives the readings of a word of Han characters in plain letters, without tones, and
// the initials of each: 银行 is yinhang or yinxing, yh or yx. A word with any other character
// has none. A character with several readings is read in each, as no dictionary of phrases
// says which; ü is v.
func Pinyin(word string) (full, initials []string) {
	if n := utf8.RuneCountInString(word); n == 0 || n > longestWord {
		return nil, nil
	}
	full, initials = []string{""}, []string{""}
	args := pinyin.Args{Style: pinyin.Normal, Heteronym: true}
	for _, r := range word {
		if !unicode.Is(unicode.Han, r) {
			return nil, nil
		}
		sounds := distinct(pinyin.SinglePinyin(r, args))
		if len(sounds) == 0 {
			return nil, nil
		}
		var first []string
		for _, s := range sounds {
			first = append(first, s[:1])
		}
		full, initials = combine(full, sounds), combine(initials, distinct(first))
	}
	return full, initials
}

// combine puts each ending after each beginning, the commonest readings first.
func combine(heads, tails []string) []string {
	out := make([]string, 0, mostReadings)
	for _, t := range tails {
		for _, h := range heads {
			if len(out) == mostReadings {
				return out
			}
			out = append(out, h+t)
		}
	}
	return out
}

func distinct(list []string) []string {
	var out []string
	for _, s := range list {
		s = strings.ReplaceAll(s, "ü", "v")
		known := s == "" || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") != ""
		for _, o := range out {
			known = known || o == s
		}
		if !known {
			out = append(out, s)
		}
	}
	return out
}
