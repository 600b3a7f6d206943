package screen

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"loam"
)

// manyPhrases is the large list of the shared data where it lies, else as many made up.
func manyPhrases(tb testing.TB) []loam.Phrase {
	tb.Helper()
	dir := os.Getenv("LOAM_SHARED_DATA")
	out := make([]loam.Phrase, 0, 65_200)
	add := func(s string) { out = append(out, loam.Phrase{Text: s, Risk: loam.Abuse, Tier: loam.TierSignal}) }
	if dir == "" {
		for i := range 65_000 {
			add(fmt.Sprintf("%c%c词%d", 0x4E00+i%4000, 0x4E00+i/7%4000, i))
		}
		return out
	}
	file, err := os.Open(filepath.Join(dir, "lexicons", "houbb", "dict_v20240407.txt"))
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		add(lines.Text())
	}
	return out
}

// BenchmarkScreen screens whole notes through all local detectors.
func BenchmarkScreen(b *testing.B) {
	setup := setup(b)
	setup.config.Phrases = manyPhrases(b)
	v := version()
	v.Content.Body = strings.Repeat(note, 5)
	for i := range 6 {
		v.Content.Pages = append(v.Content.Pages, loam.Page{Kind: loam.PageText, Lines: strings.Split(note, "，"), Number: i})
	}
	other := v
	other.ID, other.Owner = "v0", "another"
	for range 10 {
		setup.store.near = append(setup.store.near, other)
	}
	s := New(setup.config)
	chars := 0
	for _, f := range Fields(v.Content) {
		chars += utf8.RuneCountInString(f.Text)
	}
	for b.Loop() {
		if _, err := s.Screen(context.Background(), v); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "notes/s")
	b.ReportMetric(float64(chars), "chars/note")
}

// TestBenign prints what the default policy, without any list, does to ordinary reviews.
// It needs LOAM_SHARED_DATA and measures only: it may block one in a hundred and send three
// in a hundred to people.
func TestBenign(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("LOAM_SHARED_DATA")
	if dir == "" {
		t.Skip("LOAM_SHARED_DATA names no shared data")
	}
	s := New(setup(t).config)
	for _, name := range []string{"waimai_10k.csv", "ChnSentiCorp_htl_all.csv"} {
		file, err := os.Open(filepath.Join(dir, "benign", name))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(file).ReadAll()
		file.Close()
		if err != nil {
			t.Fatal(err)
		}
		count, rules := map[loam.Action]int{}, map[string]int{}
		for _, row := range rows[1:] {
			v := s.Text(context.Background(), "", row[1])
			count[v.Action]++
			for _, r := range v.Rules {
				rules[r.Rule]++
			}
		}
		n := len(rows) - 1
		percent := func(a loam.Action) float64 { return 100 * float64(count[a]) / float64(n) }
		t.Logf("%s: block %.2f %%, review %.2f %%, limit %.2f %% of %d; by rule %v", name, percent(loam.Block), percent(loam.Review), percent(loam.LimitReach), n, rules)
		if count[loam.Block]*100 > n || count[loam.Review]*100 > 3*n {
			t.Errorf("%s: %d blocked, %d sent to people", name, count[loam.Block], count[loam.Review])
		}
	}
}
