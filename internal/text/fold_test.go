package text

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	t.Parallel()
	cases := []struct{ in, out, layers string }{
		{"", "", ""},
		{"微信", "微信", ""},
		{"微\u200b信", "微信", "invisible"},
		{"微\ufe0f\u202e信", "微信", "invisible"},
		{"微̶信", "微信", "invisible"},
		{"ＶＸ１２", "vx12", "width"},
		{"VX", "vx", "case"},
		{"發票", "发票", "traditional"},
		{"①②❸⓿", "1230", "width style"},
		{"Ⓕⓤc⒦⑴⒈", "fuck11", "width style"},
		{"🅰🄱", "ab", "width style"},
		{"1️⃣3️⃣", "13", "invisible"},
		{"二肆〇", "240", "numeral"},
		{"貳", "2", "traditional numeral"},
		{"——ー", "——ー", ""},
		{"café", "cafe", "width"},
		{"ẞİ\u212a", "ßik", "width case"},
		{"ﷺ", "صلى ", "width"},
		{"a\xffb", "a\ufffdb", ""},
		{"㍿", "株式会社", "width"},
	}
	for _, c := range cases {
		f := Fold(c.in)
		_, _, layers := f.Span(0, len(f.Units))
		if got := f.String(); got != c.out {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.out)
		}
		if got := strings.Join(layers.Names(), " "); got != c.layers {
			t.Errorf("Fold(%q) needed %q, want %q", c.in, got, c.layers)
		}
	}
}

func TestFoldHidden(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		"微\u200b信": 1, "👨‍👩‍👧": 0, "❤️好看": 0, "a\u200b\u200bb\u200dc": 3, "末尾\u200b": 0,
	} {
		if got := Fold(in).Hidden; got != want {
			t.Errorf("Fold(%q).Hidden = %d, want %d", in, got, want)
		}
	}
}

// Every rune: the table says what the layers say, and what they give stays.
func TestFoldTableCoversUnicode(t *testing.T) {
	t.Parallel()
	simple := traditional()
	table := folding()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		want, _ := foldRune(r, simple)
		var got []rune
		switch e := table.at(r); {
		case e == 0:
			got = []rune{r}
		case e&entryDrop != 0:
		case e&entryMany != 0:
			got = table.many[e&entryRune]
		default:
			got = []rune{rune(e & entryRune)}
		}
		if !slices.Equal(got, want) {
			t.Errorf("U+%04X: the table gives %q, the layers %q", r, got, want)
		}
		for _, g := range got {
			if again, _ := foldRune(g, simple); len(again) != 1 || again[0] != g {
				t.Fatalf("U+%04X gives U+%04X, which folds on to %q", r, g, again)
			}
		}
	}
}

// Canonically equivalent texts fold alike (Hangul aside).
func TestFoldOfEquivalents(t *testing.T) {
	t.Parallel()
	for r := rune(0x80); r <= 0x2FFF; r++ {
		s := string(r)
		if a, b := Fold(s).String(), Fold(norm.NFC.String(s)).String(); a != b {
			t.Errorf("U+%04X folds to %q, composed to %q", r, a, b)
		}
		if a, b := Fold(s).String(), Fold(norm.NFD.String(s)).String(); a != b {
			t.Errorf("U+%04X folds to %q, decomposed to %q", r, a, b)
		}
	}
}

func checkFold(t interface{ Fatalf(string, ...any) }, s string) {
	f := Fold(s)
	once := f.String()
	if twice := Fold(once).String(); twice != once {
		t.Fatalf("Fold is not idempotent on %q: %q then %q", s, once, twice)
	}
	var last Unit
	for i, u := range f.Units {
		if u.Start >= u.End || int(u.End) > len(s) || u.Start < last.Start || u.End < last.End {
			t.Fatalf("unit %d of %q is %+v after %+v", i, s, u, last)
		}
		if !utf8.RuneStart(s[u.Start]) && utf8.ValidString(s) {
			t.Fatalf("unit %d of %q starts inside a rune", i, s)
		}
		last = u
	}
}

func TestFoldProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { checkFold(t, rapid.String().Draw(t, "s")) })
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "微\u200b信", "發票ＶＸ①", "\xff\xfe微", "ﷺﷺ", "e\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkFold(t, s) })
}

func TestFoldFiveMegabytesOfMarks(t *testing.T) {
	t.Parallel()
	f := Fold("a" + strings.Repeat("\u0301", 5<<20/2) + "b")
	if diff := cmp.Diff("ab", f.String()); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkFold(b *testing.B) {
	s := strings.Repeat("今天去了一家新開的咖啡店，拿鐵很好喝，人均３８元。", 20)
	n := utf8.RuneCountInString(s)
	for b.Loop() {
		Fold(s)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/char")
}

func BenchmarkFoldTable(b *testing.B) {
	for b.Loop() {
		simple := traditional()
		t := &foldTable{pages: make([][256]entry, 1, 400)}
		for _, span := range changing {
			for r := span[0]; r < span[1]; r++ {
				t.set(r, simple)
			}
		}
	}
}
