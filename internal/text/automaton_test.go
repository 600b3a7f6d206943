package text

import (
	"bufio"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func list(deny ...string) []Phrase {
	out := make([]Phrase, len(deny))
	for i, d := range deny {
		out[i].Text, out[i].Allow = strings.TrimPrefix(d, "+"), strings.HasPrefix(d, "+")
	}
	return out
}

func found(a *Automaton, s string) []string {
	out := []string{}
	for m := range a.All(s) {
		out = append(out, s[m.Start:m.End])
	}
	return out
}

func TestAutomaton(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, text string
		list       []Phrase
		want       []string
	}{
		{"none", "今天天气好", nil, []string{}},
		{"plain", "加微信聊", list("微信"), []string{"微信"}},
		{"overlapping", "abcd", list("abc", "bc", "bcd", "c"), []string{"abc", "bc", "c", "bcd"}},
		{"disguised", "加W\u200bｅＩ①信", list("wei1信"), []string{"W\u200bｅＩ①信"}},
		{"traditional", "代開發票", list("发票"), []string{"發票"}},
		{"list folded too", "发票", list("發票"), []string{"发票"}},
		{"nothing", "微信", list("", "\u200b", " \u3000 ", "微信"), []string{"微信"}},
		{"expansion", "㍿好", list("会社好", "株式"), []string{"㍿", "㍿好"}},
		{"allowed", "女装搭配和装搭", list("装搭", "+女装搭配"), []string{"装搭"}},
		{"allowed shorter", "女装搭配", list("女装搭配", "+装搭"), []string{"女装搭配"}},
		{"allowed equal", "女装", list("女装", "+女装"), []string{"女装"}},
		{"twice", "微信", list("微信", "微信"), []string{"微信", "微信"}},
		{"invalid", "微\xff信\xe5", list("微信", "信"), []string{"信"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, found(Compile(c.list), c.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLongest(t *testing.T) {
	t.Parallel()
	a := Compile(list("ab", "abc", "cd", "d"))
	s := "xabcdab"
	var got []string
	for m := range a.Longest(s) {
		got = append(got, s[m.Start:m.End])
	}
	if diff := cmp.Diff([]string{"abc", "d", "ab"}, got); diff != "" {
		t.Error(diff)
	}
}

// naive finds every phrase at every folded position, and takes back the allowed ones.
func naive(phrases []Phrase, s string) []Match {
	f := Fold(s)
	var deny, allow []Match
	for i, p := range phrases {
		want := foldPhrase(p.Text)
		if len(want) == 0 {
			continue
		}
		for at := 0; at+len(want) <= len(f.Units); at++ {
			if !slices.EqualFunc(f.Units[at:at+len(want)], want, func(u Unit, r rune) bool { return u.Rune == r }) {
				continue
			}
			m := Match{Phrase: i, Start: int(f.Units[at].Start), End: int(f.Units[at+len(want)-1].End)}
			if p.Allow {
				allow = append(allow, m)
			} else {
				deny = append(deny, m)
			}
		}
	}
	return slices.DeleteFunc(deny, func(m Match) bool {
		return slices.ContainsFunc(allow, func(w Match) bool {
			return w.Start <= m.Start && m.End <= w.End && w.End-w.Start > m.End-m.Start
		})
	})
}

// checkAutomaton compares one whole scan and one in pieces with the naive search.
func checkAutomaton(t interface{ Fatalf(string, ...any) }, phrases []Phrase, s string, cuts []int) {
	a := Compile(phrases)
	want := naive(phrases, s)
	sortMatches(want)
	got := slices.Collect(a.All(s))
	var pieces []Match
	keep := func(m Match) { pieces = append(pieces, m) }
	sc := a.Scan()
	from := 0
	for _, cut := range cuts {
		if cut = from + cut; cut <= len(s) {
			sc.Write(s[from:cut], keep)
			from = cut
		}
	}
	sc.Write(s[from:], keep)
	sc.Close(keep)
	if diff := cmp.Diff(got, pieces); diff != "" {
		t.Fatalf("%+v in %q cut at %v (-whole +pieces):\n%s", phrases, s, cuts, diff)
	}
	sortMatches(got)
	if !slices.Equal(want, got) {
		t.Fatalf("%+v in %q: naive %v, automaton %v", phrases, s, want, got)
	}
}

func TestAutomatonProperties(t *testing.T) {
	t.Parallel()
	piece := rapid.OneOf(
		rapid.StringOfN(rapid.SampledFrom([]rune("aAbＢ①1一發发\u200b㍿株é ")), 0, 8, -1),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 4), func(b []byte) string { return string(b) }))
	rapid.Check(t, func(t *rapid.T) {
		phrases := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Phrase {
			return Phrase{piece.Draw(t, "phrase"), rapid.IntRange(0, 4).Draw(t, "allow") == 0}
		}), 0, 8).Draw(t, "phrases")
		s := strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "text"), "")
		checkAutomaton(t, phrases, s, rapid.SliceOf(rapid.IntRange(0, 5)).Draw(t, "cuts"))
	})
}

func FuzzAutomaton(f *testing.F) {
	f.Add("ab\nbc\n+abc", "xabcbc", []byte{1, 2})
	f.Add("發票\n微信", "微\u200b信发票", []byte{1, 1, 1})
	f.Add("\xe5", "a\xe5\xe5", []byte{2})
	f.Fuzz(func(t *testing.T, phrases, s string, cuts []byte) {
		lines := strings.Split(phrases, "\n")
		if len(lines) > 16 || len(s) > 1000 || len(phrases) > 200 {
			return
		}
		var at []int
		for _, c := range cuts {
			at = append(at, int(c))
		}
		checkAutomaton(t, list(lines...), s, at)
	})
}

func TestSettled(t *testing.T) {
	t.Parallel()
	a := Compile(list("沃土测试违禁词"))
	sc := a.Scan()
	none := func(Match) {}
	for _, step := range []struct {
		write string
		want  int
	}{{"你好", 6}, {"沃", 6}, {"土测", 6}, {"量", 18}, {"\xe6\xb2", 18}, {"\x83", 18}, {"。", 24}} {
		sc.Write(step.write, none)
		if got := sc.Settled(); got != step.want {
			t.Errorf("after %q settled is %d, want %d", step.write, got, step.want)
		}
	}
}

// phraseList is the large list of the shared data where it lies, else as many made up.
func phraseList(tb testing.TB) []Phrase {
	if dir := os.Getenv("LOAM_SHARED_DATA"); dir != "" {
		file, err := os.Open(filepath.Join(dir, "lexicons", "houbb", "dict_v20240407.txt"))
		if err != nil {
			tb.Fatal(err)
		}
		defer file.Close()
		var out []Phrase
		for lines := bufio.NewScanner(file); lines.Scan(); {
			out = append(out, Phrase{Text: lines.Text()})
		}
		return out
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	out := make([]Phrase, 65000)
	for i := range out {
		r := make([]rune, 2+rnd.IntN(8))
		for j := range r {
			r[j] = 0x4E00 + rune(rnd.ExpFloat64()*600)%5000
		}
		out[i].Text = string(r)
	}
	return out
}

// chineseText is ordinary comments of the shared data where they lie, else made up.
func chineseText(tb testing.TB) []string {
	if dir := os.Getenv("LOAM_SHARED_DATA"); dir != "" {
		names, _ := filepath.Glob(filepath.Join(dir, "cold", "dev*"))
		if len(names) == 0 {
			tb.Fatal("no COLD dev split")
		}
		raw, err := os.ReadFile(names[0])
		if err != nil {
			tb.Fatal(err)
		}
		return strings.Split(string(raw), "\n")
	}
	return slices.Repeat([]string{"今天去了一家新開的咖啡店，拿鐵很好喝，人均３８元，適合週末和朋友一起慢慢坐一下午。"}, 200)
}

func BenchmarkScan(b *testing.B) {
	a := Compile(phraseList(b))
	texts := chineseText(b)
	chars, hits := 0, 0
	for _, s := range texts {
		chars += utf8.RuneCountInString(s)
		for range a.All(s) {
			hits++
		}
	}
	for b.Loop() {
		for _, s := range texts {
			for range a.All(s) {
			}
		}
	}
	ns := float64(b.Elapsed().Nanoseconds()) / float64(b.N)
	b.ReportMetric(ns/float64(chars), "ns/char")
	b.ReportMetric(float64(len(texts))/ns*1e9, "texts/s")
	b.ReportMetric(float64(hits), "hits")
}

func BenchmarkCompile(b *testing.B) {
	phrases := phraseList(b)
	folding()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	a := Compile(phrases)
	runtime.GC()
	runtime.ReadMemStats(&after)
	for b.Loop() {
		Compile(phrases)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB")
	b.ReportMetric(float64(len(a.states)), "slots")
	runtime.KeepAlive(a)
}

func TestLayers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ phrase, text, want string }{
		{"發票", "發票", ""},
		{"發票", "发票", "traditional"},
		{"发票", "發票", "traditional"},
		{" 发票", "发\u200b票", "invisible"},
		{"VX号", "vx号", "case"},
		{"VX号", "ＶＸ号", "width case"},
		{"一夜X", "一夜x", "case"},
		{"一夜", "1夜", "numeral"},
		{"1夜", "①夜", "width"},
		{"会社", "㍿", "width"},
	} {
		a := Compile(list(c.phrase))
		n := 0
		for m := range a.All("前" + c.text + "后") {
			n++
			if got := strings.Join(a.Layers("前"+c.text+"后", m).Names(), " "); got != c.want {
				t.Errorf("%q in %q needed %q, want %q", c.phrase, c.text, got, c.want)
			}
		}
		if n != 1 {
			t.Errorf("%q in %q: %d matches", c.phrase, c.text, n)
		}
	}
}

// Allowed words that run on through a text are forgotten on the way, in the scan as in the
// search for disguises.
func TestAllowedIsForgotten(t *testing.T) {
	t.Parallel()
	a := Compile([]Phrase{{Text: "哈哈"}, {Text: "哈哈哈", Allow: true}})
	sc := a.Scan()
	for range 10_000 {
		sc.Write("哈", func(m Match) { t.Fatalf("found %v", m) })
		if len(sc.allowed) > 64 {
			t.Fatalf("%d allowed phrases are remembered", len(sc.allowed))
		}
	}
	w := walk{}
	for range 100 {
		w.allow(3, 6)
		w.allow(3, 9)
	}
	if len(w.allowed) != 1 || !w.covered(Hit{Start: 3, End: 8}) {
		t.Errorf("%d allowed phrases are remembered for one place", len(w.allowed))
	}
}

// A long phrase is read by sound at the cost of its length: a way that goes on alone is not
// copied for each character.
func TestSpreadInPlace(t *testing.T) {
	t.Parallel()
	way := append(make([]uint32, 0, 8), 1, 2)
	if out := spread([][]uint32{way}, []uint32{3}); &out[0][0] != &way[0] {
		t.Error("one way with one reading was copied")
	}
	if out := spread([][]uint32{{1}, {2}}, []uint32{3, 4}); len(out) != 4 {
		t.Errorf("%v", out)
	}
}
