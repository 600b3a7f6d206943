package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/note"

	"loam"
	"loam/internal/audit"
	"loam/internal/ledger"
	"loam/internal/merkle"
	"loam/internal/rights"
)

type ledgerCmd struct {
	Verify ledgerVerifyCmd `cmd:"" passthrough:"" help:"Check a log; the options are those of loam-verify, which is the same program."`
	Mirror ledgerMirrorCmd `cmd:"" help:"Copy a log, or bring a copy up to it; a log that took something back is refused."`
	Prove  ledgerProveCmd  `cmd:"" help:"A receipt for a leaf; with --fraud, the case that a revocation was ignored."`
	Export ledgerExportCmd `cmd:"" help:"Every leaf as JSON Lines."`
}

type ledgerVerifyCmd struct {
	Args []string `arg:"" optional:"" help:"--key VKEY [options] DIR|URL; --help lists them."`
}

// Run is the stand-alone verifier.
func (c *ledgerVerifyCmd) Run(a *app) error {
	if status := audit.Verify("loam ledger verify", c.Args, a.out, a.err); status != 0 {
		return answered(status)
	}
	return nil
}

// logPlace says which log: a folder or address with its key, or an installation's own.
type logPlace struct {
	place
	Key   string `help:"The log's verifier key, name+hash+base64; an installation knows its own." placeholder:"VKEY"`
	Where string `arg:"" optional:"" name:"dir-or-url" help:"A folder or an address; the installation's own log if not given."`
}

// open gives the log's files, its key and its checkpoint, opened.
func (c *logPlace) open(a *app) (files merkle.Files, key note.Verifier, text []byte, head merkle.Checkpoint, err error) {
	where, vkey := c.Where, c.Key
	if where == "" {
		where = filepath.Join(c.Data, ledgerFolder)
		if vkey == "" {
			if vkey, err = c.ownKey(a); err != nil {
				return nil, nil, nil, head, err
			}
		}
	}
	if vkey == "" {
		return nil, nil, nil, head, fmt.Errorf("%w: give the log's --key", errUse)
	}
	if key, err = note.NewVerifier(vkey); err != nil {
		return nil, nil, nil, head, fmt.Errorf("%w: --key: %w", errUse, err)
	}
	if files, err = audit.Open(where); err != nil {
		return nil, nil, nil, head, err
	}
	if text, err = files("checkpoint"); err != nil {
		return nil, nil, nil, head, fmt.Errorf("%s: %w", where, err)
	}
	head, err = merkle.OpenCheckpoint(text, key)
	return files, key, text, head, err
}

// ownKey is the verifier key of the installation.
func (c *logPlace) ownKey(a *app) (key string, err error) {
	db, _, err := c.place.open(a.ctx, time.Now)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	key, err = db.Setting(a.ctx, keySetting)
	if err == nil && key == "" {
		err = loam.Fail(loam.Unavailable, "key.missing")
	}
	return key, err
}

type ledgerMirrorCmd struct {
	Key  string `help:"The log's verifier key, name+hash+base64." required:"" placeholder:"VKEY"`
	URL  string `arg:"" name:"url" help:"The log's address, or a folder."`
	Dir  string `arg:"" help:"Where the copy is." type:"path"`
	JSON bool   `help:"One JSON object."`
}

// Run copies; what it refuses it explains, and changes nothing then.
func (c *ledgerMirrorCmd) Run(a *app) error {
	key, err := note.NewVerifier(c.Key)
	if err != nil {
		return fmt.Errorf("%w: --key: %w", errUse, err)
	}
	files, err := audit.Open(c.URL)
	if err != nil {
		return err
	}
	var b *bar
	m, err := rights.Mirror(a.ctx, files, c.Dir, key, func(done, of int) {
		if b == nil {
			b = newBar(a, of)
		}
		b.show(done)
	})
	if b != nil {
		b.clear()
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return a.json(m)
	}
	_, err = fmt.Fprintf(a.out, "%s: %d leaves, %d new, root %s; %d files fetched, all verified; %d signatures, %d erased, %d missing.\n", m.Origin, m.Size, m.Size-m.Before, m.Root, m.Fetched, m.Signatures, m.Erased, m.Missing)
	return err
}

type ledgerProveCmd struct {
	logPlace
	Leaf        string `help:"The leaf: its index, or its id in hexadecimal." placeholder:"ID"`
	Out         string `short:"o" help:"Where to write the receipt." default:"-" type:"path" placeholder:"FILE"`
	Fraud       bool   `help:"Make the case that a corpus holds a work whose use its owner had revoked; exit code 0 if it is proven."`
	Receipt     string `help:"Of the case: receipt of the revocation." type:"existingfile" placeholder:"FILE"`
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
	if err == nil && verdict == ledger.RegrantClaimed && f.Answer == nil {
		verdict, err = cited(f, files, key, text, head)
	}
	if err == nil && verdict == ledger.Proven {
		verdict, err = repeated(f, files, key, text, head)
	}
	if err != nil {
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

// cited judges a case once more with the leaf that the record relies on, which the log has.
func cited(f ledger.Fraud, files merkle.Files, key note.Verifier, text []byte, head merkle.Checkpoint) (ledger.Verdict, error) {
	r, err := ledger.DecodeRecord(f.Record)
	if err != nil {
		return 0, err
	}
	answer, err := receiptOf(files, key, text, head, r.Deciding)
	if err != nil {
		return 0, err
	}
	f.Answer = &answer
	return ledger.CheckFraud(f, key)
}

// repeated judges a case that is proven once more, if the log has the revocation earlier: of a leaf
// that was written twice only the first counts. A log that does not show it takes nothing from what
// the receipts prove.
func repeated(f ledger.Fraud, files merkle.Files, key note.Verifier, text []byte, head merkle.Checkpoint) (ledger.Verdict, error) {
	revoked, err := leafOf(f.Revoke)
	if err != nil {
		return 0, err
	}
	first, err := findLeaf(files, head.Tree.N, revoked.ID.String())
	var answer merkle.Proof
	if err == nil {
		answer, err = receiptOf(files, key, text, head, first)
	}
	if err == nil && first < f.Revoke.Index {
		f.Answer = &answer
		return ledger.CheckFraud(f, key)
	}
	return ledger.Proven, nil
}

// record is what the corpus's manifest says about the work of the revocation: from the extract
// handed in, or from the manifest, which nobody has to be asked for.
func (c *ledgerProveCmd) record(files merkle.Files, f ledger.Fraud) (record []byte, place merkle.Place, err error) {
	revoked, err := leafOf(f.Revoke)
	if err != nil {
		return nil, place, err
	}
	var e ledger.Extract
	from := c.Record
	if from == "" {
		from, e, err = manifested(files, f.Corpus, revoked.Work)
	} else if raw, failed := os.ReadFile(from); failed != nil {
		err = failed
	} else if err = json.Unmarshal(raw, &e); err != nil {
		err = fmt.Errorf("%s: %w", from, err)
	}
	if err != nil {
		return nil, place, err
	}
	s, there := e.Standing(revoked.Work)
	if !there || s.Record == nil {
		return nil, place, loam.Fail(loam.Invalid, "corpus.not_in", from)
	}
	place, err = merkle.ParsePlace(s.Place)
	return s.Record, place, err
}

// manifested is the extract for one work from the manifest beside the log, and where that lies.
func manifested(files merkle.Files, corpus merkle.Proof, work ledger.ID) (path string, e ledger.Extract, err error) {
	l, err := leafOf(corpus)
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

// leafOf is the leaf of a receipt.
func leafOf(p merkle.Proof) (ledger.Leaf, error) {
	entry, _, err := ledger.SplitExtra(p.Entry)
	if err != nil {
		return ledger.Leaf{}, err
	}
	return ledger.Decode(entry)
}

func readProof(file string) (merkle.Proof, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return merkle.Proof{}, err
	}
	p, err := merkle.ParseProof(raw)
	if err != nil {
		return p, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

type ledgerExportCmd struct {
	logPlace
}

// exported is a leaf for people: what it does not have is empty. Hashes are in base64, ids in
// hexadecimal, times in Unix milliseconds.
type exported struct {
	Index       int64      `json:"index"`
	Kind        string     `json:"kind"`
	ID          string     `json:"id"`
	At          int64      `json:"at"`
	Actor       string     `json:"actor"`
	Account     string     `json:"account"`
	Collection  string     `json:"collection"`
	Work        string     `json:"work"`
	Uses        []loam.Use `json:"uses"`
	From        int64      `json:"from"`
	Until       int64      `json:"until"`
	Price       string     `json:"price"`
	RateCard    string     `json:"rate_card"`
	Attribution bool       `json:"attribution"`
	What        string     `json:"what"`
	Lift        bool       `json:"lift"`
	Signed      string     `json:"signed"`
	Signer      string     `json:"signer"`
	Key         string     `json:"key"`
	Recovery    string     `json:"recovery"`
	Body        string     `json:"body"`
	Hash        string     `json:"hash"`
	Size        int64      `json:"size"`
	Refs        []int64    `json:"refs"`
	Ref         string     `json:"ref"`
	Result      string     `json:"result"`
	Policy      string     `json:"policy"`
	Code        string     `json:"code"`
	Period      string     `json:"period"`
	Pool        int64      `json:"pool"`
	Total       int64      `json:"total"`
	Bundle      string     `json:"bundle"`   // the signature bundle, in base64
	Repeated    bool       `json:"repeated"` // its id stood before: it counts for nothing
}

// Run prints the leaves while it recomputes the tree: if they do not lead to the signed root it
// fails after the last line.
func (c *ledgerExportCmd) Run(a *app) error {
	files, _, _, head, err := c.open(a)
	if err != nil {
		return err
	}
	seen := map[ledger.ID]bool{}
	out := bufio.NewWriter(a.out)
	lines := json.NewEncoder(out)
	root, err := files.Walk(head.Tree.N, func(index int64, entry []byte, _ func() merkle.Hash) error {
		l, err := ledger.Decode(entry)
		if err != nil {
			return err
		}
		line := export(index, &l)
		line.Repeated, seen[l.ID] = seen[l.ID], true
		bundle, err := bundleOf(files, entry)
		if err != nil {
			return err
		}
		line.Bundle = base64.StdEncoding.EncodeToString(bundle)
		if err := a.ctx.Err(); err != nil {
			return err
		}
		return lines.Encode(line)
	})
	err = errors.Join(err, out.Flush())
	if err == nil && root != head.Tree.Hash {
		err = loam.Fail(loam.Invalid, "mirror.root")
	}
	return err
}

func export(index int64, l *ledger.Leaf) exported {
	e := exported{
		Index: index, Kind: l.Kind.String(), ID: l.ID.String(), At: l.At, Actor: actorName(l.Actor),
		Account: idText(l.Account), Collection: idText(l.Collection), Work: idText(l.Work),
		Uses: append([]loam.Use{}, l.Uses...), From: l.From, Until: l.Until, RateCard: hashText(l.Terms.RateCard), Attribution: l.Terms.Attribution,
		Lift: l.Lift, Signed: hashText(l.Sig), Signer: hashText(l.Signer), Key: hashText(l.Key), Recovery: hashText(l.Recovery),
		Body: hashText(l.Body), Hash: hashText(l.Hash), Size: l.Size, Refs: append([]int64{}, l.Refs...), Ref: idText(l.Ref),
		Policy: hashText(l.Policy), Code: hashText(l.Code), Period: l.Period, Pool: l.Pool, Total: l.Total,
	}
	switch l.Terms.Price {
	case ledger.Free:
		e.Price = "free"
	case ledger.Paid:
		e.Price = "paid"
	}
	switch l.Result {
	case ledger.Upheld:
		e.Result = "upheld"
	case ledger.Dismissed:
		e.Result = "dismissed"
	}
	if l.What != 0 {
		e.What = l.What.String()
	}
	return e
}

func actorName(actor ledger.Actor) string {
	switch actor {
	case ledger.Platform:
		return "platform"
	case ledger.Creator:
		return "creator"
	case ledger.Guardian:
		return "guardian"
	case ledger.Panel:
		return "panel"
	}
	return "unknown"
}

func idText(id ledger.ID) string {
	if id == (ledger.ID{}) {
		return ""
	}
	return id.String()
}

func hashText(h ledger.Hash) string {
	if h == (ledger.Hash{}) {
		return ""
	}
	return base64.StdEncoding.EncodeToString(h[:])
}
