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
// It needs LOAM_SHARED_DATA and measures only: blocks must stay under one in a hundred.
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
		count := map[loam.Action]int{}
		for _, row := range rows[1:] {
			count[s.Text(context.Background(), "", row[1]).Action]++
		}
		t.Logf("%s: %v of %d", name, count, len(rows)-1)
		if count[loam.Block]*100 > len(rows) {
			t.Errorf("%s: %d blocked", name, count[loam.Block])
		}
	}
}
