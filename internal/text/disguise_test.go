package text

import (
	"cmp"
	"encoding/csv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// dataFolder is where the sets to measure with lie, LOAM_SHARED_DATA or beside the repository; without them
// what needs them is skipped.
func dataFolder() string { return cmp.Or(os.Getenv("LOAM_SHARED_DATA"), "../../../shared/data") }

func dataFile(tb testing.TB, name string) []byte {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join(dataFolder(), name))
	if err != nil {
		tb.Skip("no data to measure with")
	}
	return raw
}

func houbb(tb testing.TB) []Phrase {
	tb.Helper()
	var list []Phrase
	for line := range strings.Lines(string(dataFile(tb, "lexicons/houbb/dict_v20240407.txt"))) {
		if w := strings.TrimSpace(line); w != "" {
			list = append(list, Phrase{Text: w})
		}
	}
	return list
}

// texts reads a column of a CSV file.
func texts(tb testing.TB, name string, column int) []string {
	tb.Helper()
	r := csv.NewReader(strings.NewReader(string(dataFile(tb, name))))
	r.LazyQuotes, r.FieldsPerRecord = true, -1
	rows, err := r.ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	var out []string
	for _, row := range rows[1:] {
		if column < len(row) {
			out = append(out, row[column])
		}
	}
	return out
}

func TestDisguises(t *testing.T) {
	t.Parallel()
	list := []Phrase{{Text: "加微信"}, {Text: "张三丰"}, {Text: "喝啤酒"}, {Text: "哈哈乐"}, {Text: "好好学习"}, {Text: "微信号码", Allow: true}, {Text: "微信号"}}
	d := Compile(list).Disguises()
	for s, want := range map[string]string{
		"加.微.信":       "加微信 separator",
		"加 微 信":       "加微信 separator",
		"加薇信":         "加微信 sound",
		"jia微信":       "加微信 sound",
		"jia wei xin": "加微信 sound",
		"JiaWeiXin吧":  "加微信 sound",
		"弓长三丰":        "张三丰 component",
		"喝🍺":          "喝啤酒 emoji",
		"哈哈哈哈乐":       "哈哈乐 repeat",
		"信微加":         "加微信 shuffle",
		"加微信":         "",
		"今天天气好":       "",
		"微，信，号码":      "",
		"微，信，号":       "微信号 separator",
		"女子好学习":       "好好学习 component",
	} {
		got := []string{}
		for h := range d.Find(s) {
			got = append(got, list[h.Phrase].Text+" "+strings.Join((h.Layers&Costly).Names(), "+"))
		}
		if want == "" && len(got) > 0 || want != "" && !slices.ContainsFunc(got, func(g string) bool {
			return strings.HasPrefix(g, strings.Fields(want)[0]) && strings.Contains(g, strings.Fields(want)[1])
		}) {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

// disguisers are ways people hide a term; false where one does not apply to it.
func disguisers() map[string]func(r *rand.Rand, term []rune) (string, bool) {
	t := disguiseTable()
	parts := map[rune][]rune{}
	for _, list := range t.joins {
		for _, j := range list {
			if old, ok := parts[j.whole]; !ok || len(j.parts) < len(old) {
				parts[j.whole] = j.parts
			}
		}
	}
	byName := map[string][]rune{}
	for e, names := range t.names {
		for _, n := range names {
			byName[string(n)] = append(byName[string(n)], e)
		}
	}
	bySound := map[string][]rune{}
	for r := rune(0x4E00); r < 0x9FA5; r++ {
		if p := pinyin.SinglePinyin(r, pinyin.NewArgs()); len(p) > 0 && traditional()[r] == 0 {
			bySound[p[0]] = append(bySound[p[0]], r)
		}
	}
	toTraditional := map[rune]rune{}
	for from, to := range traditional() {
		toTraditional[to] = from
	}
	each := func(term []rune, f func(rune) (string, bool)) (string, bool) {
		var b strings.Builder
		done := false
		for _, c := range term {
			s, ok := f(c)
			if ok {
				b.WriteString(s)
				done = true
			} else {
				b.WriteRune(c)
			}
		}
		return b.String(), done
	}
	return map[string]func(*rand.Rand, []rune) (string, bool){
		"traditional": func(_ *rand.Rand, term []rune) (string, bool) {
			return each(term, func(c rune) (string, bool) { o := toTraditional[c]; return string(o), o != 0 })
		},
		"homophone": func(r *rand.Rand, term []rune) (string, bool) {
			i := r.IntN(len(term))
			p := pinyin.SinglePinyin(term[i], pinyin.NewArgs())
			if len(p) == 0 {
				return "", false
			}
			like := bySound[p[0]]
			if len(like) < 2 {
				return "", false
			}
			out := slices.Clone(term)
			for out[i] == term[i] {
				out[i] = like[r.IntN(len(like))]
			}
			return string(out), true
		},
		"pinyin": func(_ *rand.Rand, term []rune) (string, bool) {
			all := true
			s, ok := each(term, func(c rune) (string, bool) {
				p := pinyin.SinglePinyin(c, pinyin.NewArgs())
				all = all && len(p) > 0
				if len(p) == 0 {
					return "", false
				}
				return p[0], true
			})
			return s, ok && all
		},
		"split": func(r *rand.Rand, term []rune) (string, bool) {
			var can []int
			for i, c := range term {
				if len(parts[c]) > 0 {
					can = append(can, i)
				}
			}
			if len(can) == 0 {
				return "", false
			}
			i := can[r.IntN(len(can))]
			return string(term[:i]) + string(parts[term[i]]) + string(term[i+1:]), true
		},
		"emoji": func(r *rand.Rand, term []rune) (string, bool) {
			for n := len(term); n > 0; n-- {
				for i := 0; i+n <= len(term); i++ {
					if e := byName[string(term[i:i+n])]; len(e) > 0 {
						return string(term[:i]) + string(e[r.IntN(len(e))]) + string(term[i+n:]), true
					}
				}
			}
			return "", false
		},
		"marks": func(r *rand.Rand, term []rune) (string, bool) {
			marks := []string{".", " ", "*", "-", "，", "、", "🌸", "❤️"}
			m := marks[r.IntN(len(marks))]
			out := make([]string, len(term))
			for i, c := range term {
				out[i] = string(c)
			}
			return strings.Join(out, m), true
		},
		"initials": func(_ *rand.Rand, term []rune) (string, bool) {
			if len(term) < 4 {
				return "", false
			}
			all := true
			s, _ := each(term, func(c rune) (string, bool) {
				p := pinyin.SinglePinyin(c, pinyin.NewArgs())
				if all = all && len(p) > 0; !all {
					return "", false
				}
				return p[0][:1], true
			})
			return s, all
		},
		"mixed": func(r *rand.Rand, term []rune) (string, bool) {
			i := r.IntN(len(term) - 1)
			p := pinyin.SinglePinyin(term[i], pinyin.NewArgs())
			like := bySound[pinyin.SinglePinyin(term[i+1], pinyin.NewArgs())[0]]
			if len(p) == 0 || len(like) < 2 {
				return "", false
			}
			return string(term[:i]) + p[0] + string(like[r.IntN(len(like))]) + string(term[i+2:]), true
		},
		"shuffle": func(r *rand.Rand, term []rune) (string, bool) {
			out := slices.Clone(term)
			for range 8 {
				r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
				if !slices.Equal(out, term) {
					return string(out), true
				}
			}
			return "", false
		},
	}
}

// TestDisguiseRecall prints, for terms of at least three characters of a real list, how many
// are found in each disguise, and what the costly layers add to the benign texts that are
// hit; it holds the goals of the specification.
func TestDisguiseRecall(t *testing.T) {
	if testing.Short() {
		t.Skip("measures for some seconds")
	}
	list := houbb(t)
	a := Compile(list)
	d := a.Disguises()
	goals := map[string]float64{"traditional": .99, "homophone": .90, "pinyin": .90, "split": .80, "emoji": .60, "shuffle": .50, "marks": .90, "mixed": .85, "initials": .90}
	for name, disguise := range disguisers() {
		r := rand.New(rand.NewPCG(1, 2))
		n, hit := 0, 0
		for tries := 0; n < 2000 && tries < 60_000; tries++ {
			i := r.IntN(len(list))
			term := foldPhrase(list[i].Text)
			if len(term) < 3 || len(term) > 8 || slices.ContainsFunc(term, func(c rune) bool { return !unicode.Is(unicode.Han, c) }) {
				continue
			}
			hidden, ok := disguise(r, term)
			if !ok {
				continue
			}
			n++
			s := "今天说一说" + hidden + "这件事"
			want := func(p int) bool { return string(foldPhrase(list[p].Text)) == string(term) }
			found := false
			for m := range a.All(s) {
				found = found || want(m.Phrase)
			}
			for h := range d.Find(s) {
				found = found || want(h.Phrase)
			}
			if found {
				hit++
			}
		}
		recall := float64(hit) / float64(n)
		t.Logf("%-12s %d of %d terms, %.3f", name, hit, n, recall)
		if recall < goals[name] {
			t.Errorf("%s: recall %.3f, want %.2f", name, recall, goals[name])
		}
	}
	for _, set := range []struct {
		file   string
		column int
	}{{"benign/waimai_10k.csv", 1}, {"benign/ChnSentiCorp_htl_all.csv", 1}} {
		all := texts(t, set.file, set.column)
		plain, either := 0, 0
		by := map[Layer]int{}
		for _, s := range all {
			hit := false
			for range a.All(s) {
				hit = true
				break
			}
			if hit {
				plain++
			}
			hits := slices.Collect(d.Find(s))
			if hit || len(hits) > 0 {
				either++
			}
			if !hit {
				for _, h := range hits {
					by[h.Layers&Costly]++
				}
			}
		}
		share := func(n int) float64 { return 100 * float64(n) / float64(len(all)) }
		t.Logf("%s: %d texts, %.2f %% hit plainly, %.2f %% with disguises", set.file, len(all), share(plain), share(either))
		for l, n := range by {
			t.Logf("    %v %d", l.Names(), n)
		}
		if share(either)-share(plain) > 1 {
			t.Errorf("%s: disguises add %.2f points of benign texts, want at most 1", set.file, share(either)-share(plain))
		}
	}
}

// BenchmarkDisguises searches COLD's comments for a real list in every disguise, the plain
// search included.
func BenchmarkDisguises(b *testing.B) {
	all := texts(b, "cold/dev.csv", 4)
	a := Compile(houbb(b))
	d := a.Disguises()
	n, runes := 0, 0
	for b.Loop() {
		s := all[n%len(all)]
		for range a.All(s) {
			runes += 0
		}
		for range d.Find(s) {
			runes += 0
		}
		runes += len([]rune(s))
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "texts/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(runes), "ns/char")
}

// spells is what a phrase may be written as from unit i on, found by trying every reading
// of every unit one after the other, with no trie: the ends it may have, each with its
// layers. It is what Disguises does for the words, done plainly.
func spells(t *disguiseTables, units []Unit, i int, left []rune, layers Layer, marks int, last rune, out map[[2]int]bool) {
	if len(left) == 0 {
		out[[2]int{i, int(layers)}] = true
	}
	if i >= len(units) {
		return
	}
	r := units[i].Rune
	if len(left) > 0 && r == left[0] {
		spells(t, units, i+1, left[1:], layers, 0, r, out)
	}
	for _, list := range t.joins {
		for _, j := range list {
			fits := len(left) > 0 && j.whole == left[0] && i+len(j.parts) <= len(units)
			for n := 0; fits && n < len(j.parts); n++ {
				fits = t.alone(units[i+n].Rune) == j.parts[n]
			}
			if fits {
				spells(t, units, i+len(j.parts), left[1:], layers|Component, 0, j.whole, out)
			}
		}
	}
	for _, name := range t.names[r] {
		if len(name) <= len(left) && slices.Equal(name, left[:len(name)]) {
			spells(t, units, i+1, left[len(name):], layers|Emoji, 0, -1, out)
		}
	}
	if last == 0 {
		return
	}
	if r == last {
		spells(t, units, i+1, left, layers|Repeat, marks, last, out)
	} else if t.kind(r)&(kindMark|kindEmoji) != 0 && marks < mostMarks {
		spells(t, units, i+1, left, layers|Separator, marks+1, last, out)
	}
}

// TestDisguisesPlainly holds what Find gives through the words against the plain search, over
// random texts of the characters, parts, emoji and marks the phrases can be made of.
func TestDisguisesPlainly(t *testing.T) {
	t.Parallel()
	list := []Phrase{{Text: "好好明"}, {Text: "女子明"}, {Text: "张明"}, {Text: "喝啤酒"}, {Text: "明日"}, {Text: "长长的"}}
	d := Compile(list).Disguises()
	alphabet := []rune("好女子明日月张弓长喝啤酒🍺的.，")
	r := rand.New(rand.NewPCG(3, 4))
	for range 400 {
		text := make([]rune, 3+r.IntN(9))
		for i := range text {
			text[i] = alphabet[r.IntN(len(alphabet))]
		}
		s := string(text)
		units := Fold(s).Units
		want := map[[3]int]bool{}
		for p, ph := range list {
			for i := range units {
				ends := map[[2]int]bool{}
				spells(d.t, units, i, foldPhrase(ph.Text), 0, 0, 0, ends)
				for e := range ends {
					l := Layer(e[1])
					if l&Costly != 0 && (l&Separator == 0 || len(foldPhrase(ph.Text)) >= leastMarked) {
						want[[3]int{p, int(units[i].Start), int(units[e[0]-1].End)}] = true
					}
				}
			}
		}
		got := map[[3]int]bool{}
		for h := range d.Find(s) {
			if h.Layers&(Sound|Shuffle) == 0 {
				got[[3]int{h.Phrase, h.Start, h.End}] = true
			}
		}
		for w := range want {
			// A place that is found by sound or order as well is given once.
			if !got[w] && !slices.ContainsFunc(slices.Collect(d.Find(s)), func(h Hit) bool { return [3]int{h.Phrase, h.Start, h.End} == w }) {
				t.Errorf("%q: %s at %d to %d is not found", s, list[w[0]].Text, w[1], w[2])
			}
		}
		for g := range got {
			if !want[g] {
				t.Errorf("%q: %s at %d to %d is found, and should not be", s, list[g[0]].Text, g[1], g[2])
			}
		}
	}
}

// FuzzDisguises: whatever the text, hits lie in it on the borders of characters and needed a
// costly layer, and the search ends.
func FuzzDisguises(f *testing.F) {
	list := []Phrase{{Text: "加微信"}, {Text: "张三丰"}, {Text: "喝啤酒"}, {Text: "一一一"}, {Text: "微信号码", Allow: true}}
	d := Compile(list).Disguises()
	for _, seed := range []string{"加.微.信", "jia wei xin", "弓长三丰", "喝🍺", "\xff加\u200b薇信", "一一一一一一", "微，信，号码"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := 0
		for h := range d.Find(s) {
			n++
			if h.Start < 0 || h.End <= h.Start || h.End > len(s) || h.Layers&Costly == 0 || list[h.Phrase].Allow {
				t.Fatalf("%q: %+v", s, h)
			}
		}
		if n > 200*len(s) {
			t.Fatalf("%d hits in %d bytes", n, len(s))
		}
	})
}
