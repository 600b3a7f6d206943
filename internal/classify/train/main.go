// Command train makes the weights of package classify anew, from COLD's train split and the
// sentences in internal/classify/examples, and says whether they are those of the
// repository. It stands apart because nothing of it is in Loam's binary.
//
// Invariant: the same inputs give the same bytes on every machine: one order, one thread,
// one source of chance with a fixed seed, no walk over a map, every product rounded before
// it is added. COLD's dev split and the benign sets are read after the weights are made, to
// measure them, and change nothing.
package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"loam"
	"loam/internal/classify"
	"loam/internal/text"
)

func main() {
	data := flag.String("data", cmp.Or(os.Getenv("LOAM_SHARED_DATA"), "../shared/data"), "the folder that holds cold/train.csv; LOAM_SHARED_DATA names it too")
	dir := flag.String("dir", "internal/classify", "the folder of the weights, with examples/")
	flag.Parse()
	if err := run(*data, *dir, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

var errOther = errors.New("the weights or figures are not those of the repository: they have been replaced, look at `git diff`")

// run trains, writes what came out, and fails if it is not what was there.
func run(data, dir string, out io.Writer) error {
	if text.Fold("鑑").String() != "鉴" {
		return errors.New("the tables of folding are missing: run go generate ./internal/text")
	}
	trainFile := filepath.Join(data, "cold", "train.csv")
	cold, err := readCOLD(trainFile)
	if err != nil {
		return fmt.Errorf("COLD's train split is needed (github.com/thu-coai/COLDataset; -data or LOAM_SHARED_DATA names its folder): %w", err)
	}
	own, err := ownExamples(filepath.Join(dir, "examples"))
	if err != nil {
		return err
	}
	made, figures, err := learn(cold, own, out)
	if err != nil {
		return err
	}
	if figures.Sources, err = sourcesOf(trainFile, filepath.Join(dir, "examples")); err != nil {
		return err
	}
	if err := figures.measure(data, made); err != nil {
		return err
	}
	return keep(dir, made, figures, out)
}

// learn trains every head and measures it on what it has not seen.
func learn(cold, own []example, out io.Writer) ([]byte, *metrics, error) {
	examples := slices.Concat(cold, own)
	for i := range examples {
		examples[i].vector = newVector(examples[i].text)
	}
	var heads []classify.Head
	var weights [][]int8
	var all []trained
	figures := &metrics{ManyLabels: manyLabels, FewLabels: fewLabels, Assumed: assumed}
	for _, risk := range loam.Risks() {
		if !slices.ContainsFunc(own, func(e example) bool { return slices.Contains(e.harm, risk) }) {
			continue
		}
		h := trainHead(examples, risk)
		heads, weights, all = append(heads, h.head), append(weights, h.weights), append(all, h)
		f := headFigures(examples, h)
		figures.Heads = append(figures.Heads, f)
		fmt.Fprintf(out, "%-14s held out: AUC %.4f, recall %.3f and false alarms %.4f at %.2f\n", risk, f.AUC, f.RecallAct.Is, f.AlarmAct.Is, f.Act)
		if risk == loam.Discrimination {
			figures.Held = coldFigures(examples, h)
		}
	}
	figures.Ordinary = ordinaryFigures(examples, all)
	if len(heads) > classify.MaxHeads {
		return nil, nil, fmt.Errorf("%d risks, and room for %d", len(heads), classify.MaxHeads)
	}
	return classify.Format(heads, weights), figures, nil
}

// sources are the hashes of what was learned from.
type sources struct {
	COLD     string `json:"cold_train_sha256"`
	Examples string `json:"examples_sha256"`
}

func sourcesOf(cold, examples string) (s sources, err error) {
	raw, err := os.ReadFile(cold)
	if err != nil {
		return s, err
	}
	s.COLD = hash(raw)
	files, err := filepath.Glob(filepath.Join(examples, "*.yaml"))
	if err != nil {
		return s, err
	}
	slices.Sort(files)
	var all []byte
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			return s, err
		}
		all = append(all, raw...)
	}
	s.Examples = hash(all)
	return s, nil
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// keep writes weights and figures, and says whether they are new.
func keep(dir string, made []byte, figures *metrics, out io.Writer) error {
	written, err := figures.json()
	if err != nil {
		return err
	}
	other := false
	for name, b := range map[string][]byte{"weights.bin": made, "metrics.json": written} {
		path := filepath.Join(dir, name)
		old, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if bytes.Equal(old, b) {
			continue
		}
		other = true
		if err := os.WriteFile(path, b, 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "weights %s, %d bytes; COLD dev macro-F1 %.4f\n", figures.Weights, figures.Bytes, figures.Dev.MacroF1)
	if other {
		return errOther
	}
	fmt.Fprintln(out, "the same, bit for bit, as in the repository")
	return nil
}
