package main

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/vellum"

	"loam/internal/text"
)

// wordsModule holds jieba's word list with counts and parts of speech (Apache-2.0).
const wordsModule = "github.com/go-ego/gse@v0.80.3"

// ownCount is how often a word of our own list counts: as often as an everyday word.
const ownCount = 3000

// rareName is the count under which a person's name is left out: 70,000 of them are in the
// list, and they tear words of notes apart.
const rareName = 50

type word struct {
	count float64
	tag   string
}

func writeWords(folder, own string) error {
	dir, err := moduleDir(wordsModule)
	if err != nil {
		return err
	}
	general, err := os.ReadFile(filepath.Join(dir, "data", "dict", "zh", "s_1.txt"))
	if err != nil {
		return err
	}
	ours, err := os.ReadFile(own)
	if err != nil {
		return err
	}
	words, err := readGeneral(general)
	if err != nil {
		return err
	}
	if err := addOwn(words, ours); err != nil {
		return err
	}
	fst, err := build(words)
	if err != nil {
		return err
	}
	licence, err := os.ReadFile(filepath.Join(dir, "LICENSE"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, "LICENSE-gse.txt"), licence, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "words.fst"), fst, 0o644)
}

// readGeneral reads lines "word count tag". A list much shorter than the pinned one is a
// broken download.
func readGeneral(list []byte) (map[string]word, error) {
	words := make(map[string]word, 360_000)
	lines := bufio.NewScanner(bytes.NewReader(list))
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) != 3 {
			continue
		}
		count, err := strconv.ParseFloat(f[1], 64)
		if err != nil {
			return nil, fmt.Errorf("word list: %w", err)
		}
		if strings.HasPrefix(f[2], "nr") && count < rareName {
			continue
		}
		key := strings.ToLower(f[0])
		if count > words[key].count {
			words[key] = word{count, f[2]}
		}
	}
	if len(words) < 250_000 {
		return nil, fmt.Errorf("word list: %d words only", len(words))
	}
	return words, lines.Err()
}

// addOwn reads lines "tag: word word …"; a word may stand once. The tag drop takes words out
// of the general list.
func addOwn(words map[string]word, list []byte) error {
	seen := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		tag, rest, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		for w := range strings.FieldsSeq(strings.ToLower(rest)) {
			if seen[w] {
				return fmt.Errorf("words.txt: %s stands twice", w)
			}
			seen[w] = true
			if tag == "drop" {
				delete(words, w)
				continue
			}
			words[w] = word{max(ownCount, words[w].count), tag}
		}
	}
	return nil
}

func build(words map[string]word) ([]byte, error) {
	total := 0.0
	keys := make([]string, 0, len(words))
	for k, w := range words {
		total += w.count
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var out bytes.Buffer
	b, err := vellum.New(&out, nil)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		w := words[k]
		cost := uint64(math.Round(text.CostScale * math.Log(total/max(w.count, 1))))
		if err := b.Insert([]byte(k), cost<<text.TagBits|tagIndex(w.tag)); err != nil {
			return nil, err
		}
	}
	if err := b.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// tagIndex maps the dictionary's tags to ours: the tag itself, else its first letter.
func tagIndex(tag string) uint64 {
	for _, t := range []string{tag, tag[:min(2, len(tag))], tag[:1]} {
		if i := slices.Index(text.Tags[:], t); i >= 0 {
			return uint64(i)
		}
	}
	return 0
}
