package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strconv"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/audit"
	"loam/internal/ledger"
	"loam/internal/merkle"
)

type ledgerProveCmd struct {
	logPlace
	Leaf        string `help:"The leaf: its index, or its id in hexadecimal." placeholder:"ID"`
	Out         string `short:"o" help:"Where to write the receipt." default:"-" type:"path" placeholder:"FILE"`
	Fraud       bool   `help:"Make the case that a corpus holds a work whose use its owner had revoked; exit code 0 if it is proven."`
	Receipt     string `help:"Of the case: receipt of the no: a revocation, for the work or for all of hers, a protection or an erasure." type:"existingfile" placeholder:"FILE"`
	WorkReceipt string `help:"Of the case: receipt of the work's registration." type:"existingfile" placeholder:"FILE"`
	Corpus      int64  `help:"Of the case: index of the corpus leaf." default:"-1" placeholder:"INDEX"`
	Record      string `help:"Of the case: an extract of the corpus's manifest, as the rights page gives it; without one the manifest beside the log is read." type:"existingfile" placeholder:"FILE"`
	Answer      string `help:"What the operator shows against it: a receipt." type:"existingfile" placeholder:"FILE"`
	JSON        bool   `help:"The case as one JSON object."`
}

// Run writes a receipt (c2sp.org/tlog-proof with the leaf in it), or judges a case.
func (c *ledgerProveCmd) Run(a *app) error {
	if c.Fraud == (c.Leaf != "") {
		return fmt.Errorf("%w: either --leaf or --fraud", errUse)
	}
	if c.Fraud && (c.Receipt == "" || c.WorkReceipt == "" || c.Corpus < 0) {
		return fmt.Errorf("%w: --fraud needs --receipt, --work-receipt and --corpus", errUse)
	}
	files, key, text, head, err := c.open(a)
	if err != nil {
		return err
	}
	if c.Fraud {
		return c.judge(a, files, key, text, head)
	}
	index, err := indexOf(files, head.Tree.N, c.Leaf)
	if err != nil {
		return err
	}
	p, err := receiptOf(files, key, text, head, index)
	if err != nil {
		return err
	}
	bundle, err := bundleOf(files, p.Entry)
	if err == nil {
		p, err = ledger.WithBundle(p, bundle)
	}
	if err != nil {
		return err
	}
	return a.write(c.Out, p.Text())
}

// bundleOf is the signature bundle behind a leaf, nil where none lies beside the log.
func bundleOf(files merkle.Files, entry []byte) ([]byte, error) {
	l, err := ledger.Decode(entry)
	if err != nil || l.Sig == (ledger.Hash{}) {
		return nil, err
	}
	b, err := files(ledger.Signatures + l.ID.String())
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(b) == 0 { // an empty one was erased
		return nil, nil
	}
	return b, err
}

// indexOf reads an index, or looks for an id: 32 hexadecimal digits, even where all are decimal.
func indexOf(files merkle.Files, size int64, leaf string) (int64, error) {
	if len(leaf) == 2*len(ledger.ID{}) {
		return findLeaf(files, size, leaf)
	}
	index, err := strconv.ParseInt(leaf, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: --leaf %q is neither an index nor an id of 32 hexadecimal digits", errUse, leaf)
	}
	return index, nil
}

// findLeaf is the first index of a leaf's id: where the fold took it.
func findLeaf(files merkle.Files, size int64, id string) (int64, error) {
	found := int64(-1)
	_, err := files.Walk(size, func(index int64, entry []byte, _ func() merkle.Hash) error {
		l, err := ledger.Decode(entry)
		if err == nil && l.ID.String() == id {
			found = index
			return errFound
		}
		return err
	})
	if found >= 0 {
		return found, nil
	}
	if err == nil {
		err = loam.Fail(loam.NotFound, "receipt.not_found")
	}
	return 0, err
}

// errFound ends a walk.
var errFound = errors.New("found")

func receiptOf(files merkle.Files, key note.Verifier, text []byte, head merkle.Checkpoint, index int64) (merkle.Proof, error) {
	entry, err := files.Entry(head.Tree.N, index)
	if err != nil {
		return merkle.Proof{}, err
	}
	hashes, err := files.ProveEntry(head.Tree, index)
	if err != nil {
		return merkle.Proof{}, err
	}
	p := merkle.Proof{Entry: entry, Index: index, Hashes: hashes, Checkpoint: text}
	_, err = p.Verify(entry, key)
	return p, err
}

// judge says what a case comes to; a case that is not proven is exit code 1.
func (c *ledgerProveCmd) judge(a *app, files merkle.Files, key note.Verifier, text []byte, head merkle.Checkpoint) error {
	f := ledger.Fraud{}
	var err error
	if f.Revoke, err = readProof(c.Receipt); err != nil {
		return err
	}
	if f.Work, err = readProof(c.WorkReceipt); err != nil {
		return err
	}
	if c.Answer != "" {
		answer, err := readProof(c.Answer)
		if err != nil {
			return err
		}
		f.Answer = &answer
	}
	if f.Corpus, err = receiptOf(files, key, text, head, c.Corpus); err != nil {
		return err
	}
	if f.Record, f.Place, err = c.record(files, f); err != nil {
		return err
	}
	verdict, err := ledger.CheckFraud(f, key)
	if err != nil {
		return err
	}
	replayed, err := ledger.ReplayFraud(f, files, head, key)
	if err == nil {
		verdict = replayed
	} else if _, err = fmt.Fprintf(a.err, "by the receipts alone: %v\n", err); err != nil { // they prove what they prove whatever becomes of the log
		return err
	}
	if c.JSON {
		err = a.json(map[string]any{"proven": verdict == ledger.Proven, "verdict": verdict.String(), "log": head.Origin, "revoked_at": f.Revoke.Index, "corpus": c.Corpus})
	} else {
		_, err = fmt.Fprintf(a.out, "%s: revoked at leaf %d of %s, corpus at leaf %d\n", verdict, f.Revoke.Index, head.Origin, c.Corpus)
	}
	if err == nil && verdict != ledger.Proven {
		err = answered(1)
	}
	return err
}

// record is what the corpus's manifest says about the work: from the extract
// handed in, or from the manifest, which nobody has to be asked for.
func (c *ledgerProveCmd) record(files merkle.Files, f ledger.Fraud) (record []byte, place merkle.Place, err error) {
	registered, _, _, err := ledger.SplitExtra(f.Work.Entry)
	if err != nil {
		return nil, place, err
	}
	var e ledger.Extract
	from := c.Record
	if from == "" {
		from, e, err = manifested(files, f.Corpus, registered.Work)
	} else if raw, failed := audit.ReadFile(from, audit.MaxManifest); failed != nil {
		err = fmt.Errorf("%w: %w", errUse, failed)
	} else if err = json.Unmarshal(raw, &e); err != nil {
		err = fmt.Errorf("%s: %w", from, err)
	}
	if err != nil {
		return nil, place, err
	}
	s, there := e.Standing(registered.Work)
	if !there || s.Record == nil {
		return nil, place, loam.Fail(loam.Invalid, "corpus.not_in", from)
	}
	place, err = merkle.ParsePlace(s.Place)
	return s.Record, place, err
}

// manifested is the extract for one work from the manifest beside the log, and where that lies.
func manifested(files merkle.Files, corpus merkle.Proof, work ledger.ID) (path string, e ledger.Extract, err error) {
	l, _, _, err := ledger.SplitExtra(corpus.Entry)
	if err == nil && l.Kind != ledger.Corpus {
		err = loam.Fail(loam.Invalid, "corpus.not_one")
	}
	if err != nil {
		return "", e, err
	}
	path = ledger.ManifestPath(l.Hash)
	manifest, err := files(path)
	if errors.Is(err, fs.ErrNotExist) {
		err = loam.Fail(loam.NotFound, "corpus.no_manifest").Because(err)
	}
	if err != nil {
		return path, e, err
	}
	e, err = ledger.NewExtract(corpus, manifest, []ledger.ID{work})
	return path, e, err
}

// maxReceipt is what a receipt may have, in bytes: it is a leaf, a bundle and forty hashes.
const maxReceipt = 1 << 20

func readProof(file string) (merkle.Proof, error) {
	raw, err := audit.ReadFile(file, maxReceipt)
	if err != nil {
		return merkle.Proof{}, fmt.Errorf("%w: %w", errUse, err)
	}
	p, err := merkle.ParseProof(raw)
	if err != nil {
		return p, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}
