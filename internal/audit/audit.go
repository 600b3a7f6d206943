// Package audit is the auditor's command line: it reads a log from a folder or an address and
// puts the question to verify.
//
// It stands apart so that the stand-alone verifier and `loam ledger verify` are one program, and
// so that it can be read with merkle, ledger and verify alone: it knows nothing of Loam's server.
package audit

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"loam/internal/ledger"
	"loam/internal/merkle"
	"loam/internal/verify"
)

const usage = `usage: %s --key VKEY [options] DIR|URL

Verifies the rights log in a folder or below an address.

`

// list is a flag that may be given several times.
type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

// Verify runs one command line under a program's name and gives its exit status: 0 for a log
// that holds, 1 for one that does not, 2 for a question it could not put.
func Verify(program string, args []string, out, problems io.Writer) int {
	var key, bundles, party string
	var witnesses, old, receipts, extracts, corpora, origins list
	var asJSON bool
	quorum := -1
	f := flag.NewFlagSet(program, flag.ContinueOnError)
	f.SetOutput(problems)
	f.Usage = func() { fmt.Fprintf(problems, usage, program); f.PrintDefaults() }
	f.StringVar(&key, "key", "", "the log's verifier `key`, name+hash+base64")
	f.Var(&witnesses, "witness", "a witness's verifier `key`; may be repeated")
	f.IntVar(&quorum, "quorum", -1, "how `many` of the witnesses must have signed (default all)")
	f.Var(&old, "old", "a `file` with a checkpoint kept from earlier; may be repeated")
	f.Var(&receipts, "receipt", "a `file` with a receipt; may be repeated")
	f.Var(&extracts, "extract", "a `file` that proves which works a corpus holds and which not; may be repeated")
	f.Var(&corpora, "corpus", "the `root` of a manifest in hexadecimal; the log must have its corpus, and every record of it granted; may be repeated")
	f.StringVar(&bundles, "bundles", "", "a `folder` with signature bundles, named by the leaf's id (default the log's own)")
	f.StringVar(&party, "party", "", "the relying party `id` the bundles were made for; without one the log's own are not looked at")
	f.Var(&origins, "origin", "an `origin` the bundles were made at; may be repeated")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if f.NArg() != 1 || key == "" {
		f.Usage()
		return 2
	}
	l := verify.Log{Quorum: quorum, Party: party, Origins: origins}
	if quorum < 0 {
		l.Quorum = len(witnesses)
	}
	var err error
	if l.Key, err = note.NewVerifier(key); err != nil {
		return unasked(program, problems, fmt.Errorf("--key: %w", err))
	}
	if l.Witnesses, err = merkle.NewWitnesses(witnesses...); err != nil {
		return unasked(program, problems, fmt.Errorf("--witness: %w", err))
	}
	if l.Old, err = readAll(old, maxFile); err != nil {
		return unasked(program, problems, err)
	}
	if l.Receipts, err = readAll(receipts, maxFile); err != nil {
		return unasked(program, problems, err)
	}
	if l.Extracts, err = readAll(extracts, MaxManifest); err != nil {
		return unasked(program, problems, err)
	}
	for _, c := range corpora {
		root, err := hex.DecodeString(c)
		if err != nil || len(root) != 32 {
			return unasked(program, problems, fmt.Errorf("--corpus: %q is not 64 hexadecimal digits", c))
		}
		l.Corpora = append(l.Corpora, ledger.Hash(root))
	}
	if l.Files, err = Open(f.Arg(0)); err != nil {
		return unasked(program, problems, err)
	}
	if bundles == "" && party != "" {
		l.Bundles = func(id string) ([]byte, error) { return l.Files(ledger.Signatures + id) }
	} else if bundles != "" {
		if l.Bundles, err = Open(bundles); err != nil {
			return unasked(program, problems, err)
		}
	}
	report, err := verify.Run(l)
	if err != nil {
		return violated(out, err, asJSON)
	}
	if asJSON {
		return printJSON(out, 0, struct {
			OK bool `json:"ok"`
			verify.Report
		}{true, report})
	}
	printReport(out, report)
	return 0
}

func unasked(program string, problems io.Writer, err error) int {
	fmt.Fprintln(problems, program+":", err)
	return 2
}

func violated(out io.Writer, err error, asJSON bool) int {
	if !asJSON {
		fmt.Fprintln(out, "VIOLATED", err)
		if v, ok := errors.AsType[*verify.Violation](err); ok {
			fmt.Fprintln(out, "That means:", v.Check.Says()+".")
		}
		return 1
	}
	answer := struct {
		OK    bool         `json:"ok"`
		Check verify.Check `json:"check"`
		Where string       `json:"where,omitempty"`
		Cause string       `json:"cause,omitempty"`
	}{}
	if v, ok := errors.AsType[*verify.Violation](err); ok {
		answer.Check, answer.Where = v.Check, v.Where
	}
	if cause := errors.Unwrap(err); cause != nil {
		answer.Cause = cause.Error()
	}
	return printJSON(out, 1, answer)
}

func printJSON(out io.Writer, status int, v any) int {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return 2
	}
	return status
}

func printReport(out io.Writer, r verify.Report) {
	fmt.Fprintf(out, "OK %s: %d leaves, root %s\n", r.Origin, r.Size, r.Root)
	for _, w := range r.Witnesses {
		fmt.Fprintf(out, "witnessed by %s at %s\n", w.Name, time.Unix(w.Time, 0).UTC().Format(time.RFC3339))
	}
	for _, part := range []struct {
		name   string
		counts map[string]int64
	}{{"leaves", r.Leaves}, {"outcomes", r.Outcomes}, {"grants by evidence", r.Grants}} {
		fmt.Fprintf(out, "%s:", part.name)
		for _, k := range slices.Sorted(maps.Keys(part.counts)) {
			fmt.Fprintf(out, " %s %d", k, part.counts[k])
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "snapshots recomputed %d, signatures verified %d, bundles missing %d\n", r.Snapshots, r.Bundles, r.Missing)
	n := r.Notices
	fmt.Fprintf(out, "takedown notices %d, claims %d: %d acted on after a median of %d min, %d decided, %d upheld\n", n.Notices, n.Claims, n.Acted, n.Minutes, n.Decided, n.Upheld)
	if r.Leaves[ledger.Corpus.String()] > 0 {
		fmt.Fprintf(out, "corpora with every record granted %d, of %d records; corpora whose manifest is not beside the log %d\n", r.Corpora, r.Records, r.NoManifest)
	}
	if r.Stale > 0 {
		fmt.Fprintf(out, "records closed in the last hour before their corpus was logged %d: ask the operator why\n", r.Stale)
	}
	if r.Extracts > 0 {
		fmt.Fprintf(out, "extracts hold: %d works proven to be in a corpus, %d proven not to be\n", r.Held, r.NotHeld)
	}
	fmt.Fprintf(out, "older checkpoints kept %d, receipts kept %d\n", r.Old, r.Receipts)
}

// MaxManifest is a corpus of two million works, in bytes, and bounds what an extract says of one
// creator's.
const MaxManifest = 256 << 20

// maxFile is a full bundle of the longest entries.
const maxFile = 256 * (2 + merkle.MaxEntry)

// limit is how long a log's file can be.
func limit(path string) int64 {
	if strings.HasPrefix(path, ledger.Manifests) {
		return MaxManifest
	}
	return maxFile
}

// readAll reads files of at most so many bytes each.
func readAll(paths []string, limit int64) ([][]byte, error) {
	var out [][]byte
	for _, p := range paths {
		data, err := ReadFile(p, limit)
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

// ReadFile reads a file that somebody handed in, of at most so many bytes.
func ReadFile(path string, limit int64) ([]byte, error) {
	return readFile(limit)(os.Open(path))
}

// readFile takes what opening a file gave, and reads at most so many bytes.
func readFile(limit int64) func(file *os.File, err error) ([]byte, error) {
	return func(file *os.File, err error) ([]byte, error) {
		if err != nil {
			return nil, err
		}
		defer file.Close()
		data, err := bounded(file, limit)
		if errors.Is(err, errLarge) {
			err = fmt.Errorf("%s: %w", file.Name(), err)
		}
		return data, err
	}
}

var errLarge = errors.New("too large")

func bounded(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%w, more than %d bytes", errLarge, limit)
	}
	return data, err
}

// Open reads a log's files below a folder or an http address, none longer than a log's can be.
func Open(where string) (merkle.Files, error) {
	if strings.HasPrefix(where, "http://") || strings.HasPrefix(where, "https://") {
		return fetch(strings.TrimSuffix(where, "/"), &http.Client{Timeout: 30 * time.Second}), nil
	}
	root, err := os.OpenRoot(where)
	if err != nil {
		return nil, err
	}
	return func(path string) ([]byte, error) {
		name := filepath.FromSlash(path)
		info, err := root.Stat(name)
		if err == nil && !info.Mode().IsRegular() {
			err = fmt.Errorf("%s is no file", path) // a pipe would be waited for
		}
		if err != nil {
			return nil, err
		}
		return readFile(limit(path))(root.Open(name))
	}, nil
}

func fetch(prefix string, client *http.Client) merkle.Files {
	return func(path string) ([]byte, error) {
		answer, err := client.Get(prefix + "/" + path)
		if err != nil {
			return nil, err
		}
		defer answer.Body.Close()
		data, err := bounded(answer.Body, limit(path))
		switch {
		case answer.StatusCode == http.StatusNotFound || answer.StatusCode == http.StatusGone:
			return nil, fmt.Errorf("%s: %w", answer.Status, fs.ErrNotExist)
		case answer.StatusCode != http.StatusOK:
			return nil, errors.New(answer.Status)
		}
		return data, err
	}
}
