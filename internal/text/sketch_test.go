package text

import (
	"encoding/csv"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const note = "周末去了城西新开的陶艺工作室，老师很耐心，从揉泥开始教，两个小时能做一只杯子。釉色可以自己选，我选了雾蓝，" +
	"烧好大概要三周，可以寄到家里。店里有猫，不怕人，会趴在转盘旁边看你做。建议提前一天约，周六下午人最多。"

const otherNote = "给第一次租房的朋友列一份清单：看房先看水压和朝向，签约前拍下每个房间，押金条单独写明退还时间，水电表读数写进合同。"

func meet(a, b []uint64) bool {
	return slices.ContainsFunc(a, func(x uint64) bool { return slices.Contains(b, x) })
}

func TestSketch(t *testing.T) {
	t.Parallel()
	base := LettersOf(note)
	cases := []struct {
		name, text string
		low, high  float64
	}{
		{"itself", note, 1, 1},
		{"with spaces and traditional forms", strings.ReplaceAll(strings.ReplaceAll(note, "，", " , "), "开", "開"), 1, 1},
		{"a word changed", strings.Replace(note, "雾蓝", "米白", 1) + "推荐", 0.8, 1},
		{"another note", otherNote, 0, 0.1},
		{"too short", "太短了", 0, 0},
	}
	for _, c := range cases {
		got := LettersOf(c.text)
		if s := base.Similarity(got); s < c.low || s > c.high {
			t.Errorf("%s: similarity %.2f, want %.2f to %.2f", c.name, s, c.low, c.high)
		}
		if shares := meet(got.Sketch().Bands(), base.Sketch().Bands()); shares != (c.low >= 0.8) {
			t.Errorf("%s: shares a band: %v", c.name, shares)
		}
	}
	if LettersOf("太短了").Sketch().Bands() != nil {
		t.Error("a short text has bands")
	}
}

func TestSimilarityIsSymmetric(t *testing.T) {
	t.Parallel()
	text := rapid.StringOfN(rapid.SampledFrom([]rune("去看山吃面喝茶走路")), 0, 60, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := LettersOf(text.Draw(t, "a")), LettersOf(text.Draw(t, "b"))
		if x, y := a.Similarity(b), b.Similarity(a); x != y || x < 0 || x > 1 {
			t.Fatalf("similarity %v and %v", x, y)
		}
		if a.Sketch() != nil && a.Similarity(a) != 1 {
			t.Fatal("a text is not like itself")
		}
	})
}

func shared(a, b []uint64) (n int) {
	for _, x := range a {
		if slices.Contains(b, x) {
			n++
		}
	}
	return n
}

// writing makes texts of n characters, drawn as unevenly as characters are in writing.
func writing(r *rand.Rand, n int) string {
	z := rand.NewZipf(r, 1.2, 8, 3000)
	var b strings.Builder
	for i := range n {
		b.WriteRune(0x4E00 + rune(z.Uint64()))
		if i%17 == 16 {
			b.WriteRune('，')
		}
	}
	return b.String()
}

// edited changes, drops or adds one character in so many as share says, anywhere.
func edited(r *rand.Rand, s string, share float64) string {
	var b strings.Builder
	for _, c := range s {
		if r.Float64() >= share {
			b.WriteRune(c)
			continue
		}
		switch r.IntN(4) {
		case 0: // dropped
		case 1:
			b.WriteRune(c)
			fallthrough
		default:
			b.WriteRune(0x4E00 + rune(r.IntN(3000)))
		}
	}
	return b.String()
}

// reviews are the texts of the shared data's reviews from least characters on, where it lies.
func reviews(tb testing.TB, least int) []string {
	tb.Helper()
	dir := os.Getenv("LOAM_SHARED_DATA")
	if dir == "" {
		return nil
	}
	file, err := os.Open(filepath.Join(dir, "benign", "ChnSentiCorp_htl_all.csv"))
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	seen := map[string]bool{}
	var out []string
	for _, row := range rows[1:] {
		if len([]rune(row[1])) >= least && !seen[row[1]] {
			seen[row[1]] = true
			out = append(out, row[1])
		}
	}
	return out
}

// TestNearCopiesMeet prints how often a text with scattered edits shares a band with its
// original and is then taken for its copy, and how often others share one.
func TestNearCopiesMeet(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(11, 12))
	sets := map[string][]string{"hotel reviews": reviews(t, 60)}
	for _, n := range []int{100, 200, 900} {
		name := fmt.Sprintf("generated, %d characters", n)
		for range 600 {
			sets[name] = append(sets[name], writing(r, n))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		texts := sets[name]
		if len(texts) == 0 {
			continue
		}
		texts = texts[:min(len(texts), 2000)]
		line := name + ":"
		for _, share := range []float64{0.02, 0.05, 0.10, 0.15, 0.20} {
			met, taken := 0, 0
			for _, s := range texts {
				a, b := LettersOf(s), LettersOf(edited(r, s, share))
				if meet(a.Sketch().Bands(), b.Sketch().Bands()) {
					met++
					if a.Similarity(b) >= 0.4 {
						taken++
					}
				}
			}
			line += fmt.Sprintf(" %.0f %% edits %.3f meet %.3f found;", 100*share, float64(met)/float64(len(texts)), float64(taken)/float64(len(texts)))
			if recall := float64(taken) / float64(len(texts)); share <= 0.10 && recall < 0.95 {
				t.Errorf("%s: of %.0f %% edited found %.3f", name, 100*share, recall)
			}
		}
		bands := make([][]uint64, 0, 400)
		for _, s := range texts[:min(len(texts), 400)] {
			bands = append(bands, LettersOf(s).Sketch().Bands())
		}
		pairs, met := 0, 0
		for i := range bands {
			for k := range i {
				pairs++
				if meet(bands[i], bands[k]) {
					met++
				}
			}
		}
		t.Logf("%s others %.4f %% of %d pairs meet", line, 100*float64(met)/float64(pairs), pairs)
		if met*500 > pairs { // reviews copy each other now and then
			t.Errorf("%s: %d of %d other pairs meet", name, met, pairs)
		}
	}
}

func TestCopied(t *testing.T) {
	t.Parallel()
	runes := []rune(note)
	passage := string(runes[20:75])
	cases := []struct {
		name, text, from string
		share            float64 // at least
		length           int     // at least; 0 for nothing
		place            string
	}{
		{"whole", note, note, 1, 90, note[:len(note)-len("。")]},
		{"a passage", otherNote + passage + otherNote, note, 0.5, 45, passage},
		{"the other way round", passage, otherNote + note, 0.99, 45, passage},
		{"with a word changed", otherNote + strings.Replace(passage, "杯子", "盘子", 1), note, 0.3, 35, ""},
		{"nothing", otherNote, note, 0, 0, ""},
		{"too short", "太短了", note, 0, 0, ""},
	}
	for _, c := range cases {
		got := LettersOf(c.text).Copied(LettersOf(c.from))
		if got.Share < c.share || got.Length < c.length || c.length == 0 && got.Length > 0 {
			t.Errorf("%s: %+v", c.name, got)
		}
		if place := strings.Trim(c.place, "，。"); place != "" && c.text[got.Start:got.End] != place {
			t.Errorf("%s: got %q, want %q", c.name, c.text[got.Start:got.End], place)
		}
	}
}

// TestWinnowingPromise: 23 letters in a row in common are enough to meet, wherever they stand.
func TestWinnowingPromise(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		common := writing(r, passageWindow+passageGram-1)
		a := writing(r, rapid.IntRange(0, 200).Draw(t, "before")) + common + writing(r, rapid.IntRange(0, 200).Draw(t, "after"))
		b := writing(r, rapid.IntRange(0, 200).Draw(t, "before too")) + common
		if !meet(LettersOf(a).Passages(), LettersOf(b).Passages()) {
			t.Fatalf("%q and %q do not meet", a, b)
		}
	})
}

// TestExcerptsMeet prints how often an excerpt set in other writing meets its original, and
// how often others meet by two passages.
func TestExcerptsMeet(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(13, 14))
	sets := map[string][]string{"hotel reviews": reviews(t, 150)}
	for range 400 {
		sets["generated"] = append(sets["generated"], writing(r, 150))
	}
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		texts := sets[name]
		if len(texts) == 0 {
			continue
		}
		texts = texts[:min(len(texts), 1500)]
		line := name + ":"
		for _, c := range []struct {
			length int
			edits  float64
			least  float64
		}{{40, 0, 0.9}, {72, 0, 0.95}, {120, 0, 0.95}, {120, 0.03, 0.95}, {120, 0.1, 0}} {
			met := 0
			for i, s := range texts {
				runes := []rune(s)
				at := r.IntN(len(runes) - c.length + 1)
				around := texts[(i+1)%len(texts)]
				within := around[:len(around)/2] + edited(r, string(runes[at:at+c.length]), c.edits) + strings.Repeat(around, 3)
				if shared(LettersOf(strings.ToValidUTF8(within, "")).Passages(), LettersOf(s).Passages()) >= 2 {
					met++
				}
			}
			recall := float64(met) / float64(len(texts))
			line += fmt.Sprintf(" %d characters, %.0f %% edits %.3f;", c.length, 100*c.edits, recall)
			if recall < c.least {
				t.Errorf("%s: of %d characters with %.0f %% edits found %.3f", name, c.length, 100*c.edits, recall)
			}
		}
		pairs, met, fired := 0, 0, 0
		texts = texts[:min(len(texts), 400)]
		for i := range texts {
			a := LettersOf(texts[i])
			for k := range i {
				b := LettersOf(texts[k])
				pairs++
				if shared(a.Passages(), b.Passages()) >= 2 {
					met++
					if x := a.Copied(b); x.Length >= 60 || x.Share >= 0.6 {
						fired++
					}
				}
			}
		}
		t.Logf("%s others: %d of %d pairs meet, %d taken for excerpts", line, met, pairs, fired)
	}
}

func BenchmarkSketch(b *testing.B) {
	for b.Loop() {
		l := LettersOf(note)
		l.Sketch()
		l.Passages()
	}
}
