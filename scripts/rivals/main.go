// Command rivals times Loam's phrase engine beside others over the same phrases and texts, in
// one run: one thread each, one warm-up, then rounds in turn, so that what slows the machine
// slows them alike. It prints a Markdown table: median and spread of nanoseconds a character,
// texts a second, memory, and what each counts as a hit.
//
// A rival is a program that is given a file of phrases and one of texts, a line each, says
// "ready" with the milliseconds it took to build, and answers each line on its standard input
// with the nanoseconds of one pass over all texts and its hits. What a rival counts differs, so
// overlapping hits are held against the plain search, and others are printed as they are.
package main

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"loam/internal/text"
)

func main() {
	data := flag.String("data", cmp.Or(os.Getenv("LOAM_SHARED_DATA"), "../shared/data"), "folder of the data to measure with; LOAM_SHARED_DATA names it too")
	bin := flag.String("bin", ".cache/rivals", "folder of the rivals' programs")
	rounds := flag.Int("rounds", 7, "rounds in turn")
	worker := flag.String("worker", "", "be Loam's own program: plain or every (layer)")
	flag.Parse()
	var err error
	if *worker != "" {
		work(*worker, flag.Arg(0), flag.Arg(1))
	} else {
		err = compare(*data, *bin, *rounds)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "rivals:", err)
		os.Exit(1)
	}
}

// work is Loam's own program.
func work(layers, phrasesFile, textsFile string) {
	var phrases []text.Phrase
	for _, l := range lines(phrasesFile) {
		phrases = append(phrases, text.Phrase{Text: l})
	}
	texts := lines(textsFile)
	debug.SetGCPercent(400)
	begun := time.Now()
	a := text.Compile(phrases)
	var d *text.Disguises
	if layers == "every" {
		d = a.Disguises()
	}
	fmt.Println("ready", time.Since(begun).Milliseconds())
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		hits := 0
		begun := time.Now()
		for _, s := range texts {
			for range a.All(s) {
				hits++
			}
			if d != nil {
				for range d.Find(s) {
					hits++
				}
			}
		}
		fmt.Println(time.Since(begun).Nanoseconds(), hits)
	}
}

func lines(file string) []string {
	raw, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
}

// rival is a program to compare with.
type rival struct {
	name, counts string
	command      []string
	in           io.WriteCloser
	out          *bufio.Scanner
	cmd          *exec.Cmd
	build        string
	took         []time.Duration
	hits         int
}

func rivals(bin string) []*rival {
	self, _ := os.Executable() // an empty name fails at start, which is said
	own := func(layers string) []string { return []string{self, "-worker", layers} }
	p := func(name string) string { return filepath.Join(bin, name) }
	return []*rival{
		{name: "**Loam**, folding layers 1–5", counts: "overlapping, folded", command: own("plain")},
		{name: "**Loam**, every layer", counts: "the same, and disguises", command: own("every")},
		{name: "Hyperscan (Debian)", counts: "overlapping", command: []string{p("hyperscan")}},
		{name: "crate aho-corasick, contiguous NFA", counts: "overlapping", command: []string{p("rust"), "nfa"}},
		{name: "crate aho-corasick, DFA", counts: "overlapping", command: []string{p("rust"), "dfa"}},
		{name: "Go anknown/ahocorasick", counts: "overlapping", command: []string{p("go"), "anknown"}},
		{name: "Go cloudflare/ahocorasick", counts: "distinct of each text", command: []string{p("go"), "cloudflare"}},
		{name: "PyPI pyahocorasick", counts: "overlapping", command: []string{p("python/bin/python"), "scripts/rivals/python/rival.py"}},
		{name: "Maven houbb, plain", counts: "its own, not overlapping", command: []string{"java", "-Xmx2g", "-XX:+UseSerialGC", "-jar", p("houbb.jar"), "plain"}},
		{name: "Maven houbb, all normalisation", counts: "its own, not overlapping", command: []string{"java", "-Xmx2g", "-XX:+UseSerialGC", "-jar", p("houbb.jar"), "all"}},
	}
}

func (r *rival) start(phrases, texts string) error {
	r.cmd = exec.Command(r.command[0], append(r.command[1:], phrases, texts)...)
	r.cmd.Stderr = os.Stderr
	r.cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	in, err := r.cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := r.cmd.Start(); err != nil {
		return err
	}
	r.in, r.out = in, bufio.NewScanner(out)
	if !r.out.Scan() {
		return errors.New("it ended before it was ready")
	}
	r.build = strings.TrimPrefix(r.out.Text(), "ready ")
	return nil
}

// round has the rival make one pass.
func (r *rival) round() (time.Duration, error) {
	if _, err := io.WriteString(r.in, "run\n"); err != nil {
		return 0, err
	}
	if !r.out.Scan() {
		return 0, errors.New("it ended in a round")
	}
	ns, hits, _ := strings.Cut(r.out.Text(), " ")
	n, err := strconv.ParseInt(ns, 10, 64)
	if err != nil {
		return 0, err
	}
	r.hits, err = strconv.Atoi(hits)
	return time.Duration(n), err
}

// memory is the resident memory of the rival's process, in MB.
func (r *rival) memory() string {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", r.cmd.Process.Pid))
	if err != nil {
		return "?"
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			if err == nil {
				return strconv.Itoa(kb / 1024)
			}
		}
	}
	return "?"
}

func compare(data, bin string, rounds int) error {
	list := filepath.Join(data, "lexicons", "houbb", "dict_v20240407.txt")
	phrases := slices.DeleteFunc(lines(list), func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(phrases) == 0 {
		return fmt.Errorf("%s is not there; --data names the folder of the data to measure with", list)
	}
	comments, err := column(filepath.Join(data, "cold", "dev.csv"), 4)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "rivals")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	phrasesFile := filepath.Join(dir, "phrases")
	if err := os.WriteFile(phrasesFile, []byte(strings.Join(phrases, "\n")+"\n"), 0o600); err != nil {
		return err
	}
	for _, set := range []struct {
		name  string
		texts []string
	}{{"COLD, dev split", comments}, {"lines of 120 characters, 100 of them random ASCII", mostlyASCII(5000)}} {
		textsFile := filepath.Join(dir, "texts")
		if err := os.WriteFile(textsFile, []byte(strings.Join(set.texts, "\n")+"\n"), 0o600); err != nil {
			return err
		}
		if err := table(set.name, phrases, set.texts, phrasesFile, textsFile, bin, rounds); err != nil {
			return err
		}
	}
	return nil
}

func column(file string, n int) ([]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.LazyQuotes, r.FieldsPerRecord = true, -1
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, row := range rows[1:] {
		if n < len(row) {
			out = append(out, strings.NewReplacer("\n", " ", "\r", " ").Replace(row[n]))
		}
	}
	return out, nil
}

// mostlyASCII are texts like the one houbb's own figures are for: few hits, mostly ASCII.
func mostlyASCII(n int) []string {
	out := make([]string, n)
	seed := uint32(1)
	for i := range out {
		var b strings.Builder
		b.WriteString("今天的天气很好我们去公园散步吃饭喝茶聊天")
		for range 100 {
			seed = seed*1664525 + 1013904223
			b.WriteByte(33 + byte(seed>>24)%94)
		}
		out[i] = b.String()
	}
	return out
}

// plainHits counts every phrase's places by searching for it alone.
func plainHits(phrases, texts []string) int {
	all := strings.Join(texts, "\n")
	n := 0
	distinct := slices.Clone(phrases)
	slices.Sort(distinct)
	for _, p := range slices.Compact(distinct) {
		for rest := all; ; n++ {
			i := strings.Index(rest, p)
			if i < 0 {
				break
			}
			_, size := utf8.DecodeRuneInString(rest[i:])
			rest = rest[i+size:]
		}
	}
	return n
}

func table(name string, phrases, texts []string, phrasesFile, textsFile, bin string, rounds int) error {
	chars := utf8.RuneCountInString(strings.Join(texts, ""))
	fmt.Printf("\n### %s: %d phrases, %d texts, %d characters; the plain search finds %d\n\n", name, len(phrases), len(texts), chars, plainHits(phrases, texts))
	var running []*rival
	for _, r := range rivals(bin) {
		err := r.start(phrasesFile, textsFile)
		if err == nil {
			_, err = r.round() // warm-up
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: skipped: %v\n", r.name, err)
			continue
		}
		running = append(running, r)
	}
	for range rounds {
		for _, r := range running {
			took, err := r.round()
			if err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
			r.took = append(r.took, took)
		}
	}
	fmt.Println("| engine | ns a character, median (least–most) | texts/s | hits | counts | resident MB | build ms |")
	fmt.Println("| --- | --- | --- | --- | --- | --- | --- |")
	slices.SortStableFunc(running, func(x, y *rival) int { return int(x.median() - y.median()) })
	for _, r := range running {
		per := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(chars) }
		fmt.Printf("| %s | %.1f (%.1f–%.1f) | %.0f | %d | %s | %s | %s |\n", r.name, per(r.median()), per(slices.Min(r.took)), per(slices.Max(r.took)),
			float64(len(texts))/r.median().Seconds(), r.hits, r.counts, r.memory(), r.build)
		_ = r.in.Close() // ends it
		_ = r.cmd.Wait() // its exit code says nothing more
	}
	return nil
}

func (r *rival) median() time.Duration {
	s := slices.Sorted(slices.Values(r.took))
	return s[len(s)/2]
}
