package text

import (
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"
)

func TestTitleLength(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{
		"": 0, "a": 1, "ab": 1, "abc": 2, strings.Repeat("a", 40): 20, strings.Repeat("好", 20): 20,
		"好a": 2, "😀": 2, "❤": 1, "❤️": 2, "👨‍👩‍👧‍👦": 11, "！": 1, "!": 1, "\xff": 1, "é": 1,
	} {
		if got := TitleLength(s); got != want {
			t.Errorf("%q: got %d, want %d", s, got, want)
		}
	}
}

// TestLengths holds both counts to the UTF-16 units the platform counts.
func TestLengths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		units, sum := utf16.Encode([]rune(s)), 0
		for _, u := range units {
			if sum++; u > 127 {
				sum++
			}
		}
		if got := TitleLength(s); got != (sum+1)/2 {
			t.Errorf("title of %q: got %d, want %d", s, got, (sum+1)/2)
		}
		if got := BodyLength(s); got != len(units) {
			t.Errorf("body of %q: got %d, want %d", s, got, len(units))
		}
	})
}

func TestXiaohongshu(t *testing.T) {
	t.Parallel()
	p := Xiaohongshu()
	if p.TitleMax != 20 || p.BodyMax != 1000 || p.TagsMax != 10 || p.PagesMax != 18 || p.PagesMin != 1 || p.PageMax <= 0 || p.Date == "" || p.Source == "" {
		t.Errorf("the profile changed: %+v", p)
	}
}
