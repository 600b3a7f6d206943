package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"loam"
	"loam/internal/audit"
	"loam/internal/corpus"
	"loam/internal/ledger"
	"loam/internal/store"
)

type corpusCmd struct {
	Build  corpusBuildCmd  `cmd:"" help:"Build a training set of the public notes whose creators allow it; a server may run."`
	Verify corpusVerifyCmd `cmd:"" help:"Hold the texts of a training set against its manifest, and that against the log."`
	List   corpusListCmd   `cmd:"" help:"The training sets of an installation, and what was trained on them."`
	Model  corpusModelCmd  `cmd:"" help:"Log that a model was trained on training sets."`
	Retire corpusRetireCmd `cmd:"" help:"Log that a model is used no longer."`
}

var _ corpus.Store = (*store.DB)(nil)

// The files of a training set in its folder.
const (
	corpusTexts    = "texts.jsonl"
	corpusManifest = "manifest"
	corpusCard     = "corpus.json"
	corpusPictures = "pictures"
)

// ledgerPatience is how a command waits for its leaf to be in the log.
func ledgerPatience() corpus.Patience {
	return corpus.Patience{Pause: ledgerPause, Wait: 2 * time.Minute}
}

// ledgerPlace is an installation whose ledger a command writes to.
type ledgerPlace struct {
	place
	Witnesses string `help:"Who cosigns the ledger, as the server is told; of use where none runs." env:"LOAM_WITNESSES" type:"path" placeholder:"FILE"`
}

// writing opens the installation with its ledger for one piece of work. What waits for the log is
// appended by the server, or where none runs by this process.
func (p ledgerPlace) writing(a *app, work func(ctx context.Context, n *node) error) (err error) {
	n := &node{config: config{place: p.place, Witnesses: p.Witnesses}, clock: time.Now, log: newLogger(a, "text", slog.LevelInfo)}
	if n.db, n.blobs, err = p.open(a.ctx, n.clock); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.db.Close()) }()
	if n.signer, err = openSigner(a.ctx, n.db, p.Data); err != nil {
		return err
	}
	if n.ledger, err = n.openLedger(); err != nil {
		return err
	}
	alone := true
	if !n.db.Postgres() {
		lock, err := lockFolder(p.Data)
		if alone = err == nil; alone {
			defer lock.Close()
		} else if !errors.Is(err, errServed) {
			return err
		}
	}
	if alone {
		keeping, end := context.WithCancel(a.ctx)
		n.background.Go(func() { n.keepLedger(keeping) })
		defer n.background.Wait()
		defer end()
	}
	return p.elsewhere(work(a.ctx, n))
}

type corpusBuildCmd struct {
	ledgerPlace
	Use  string `help:"What it is for: train.text or train.image." required:"" placeholder:"USE"`
	Name string `help:"What it is called where creators read that their works are in it." required:""`
	Out  string `short:"o" help:"A new folder for texts, manifest and card." required:"" type:"path" placeholder:"DIR"`
	JSON bool   `help:"The card as one JSON object."`
}

// Run builds the set in a folder beside and puts that in place when it is whole.
func (c *corpusBuildCmd) Run(a *app) (err error) {
	var card corpus.Card
	if _, err := os.Stat(c.Out); err == nil {
		return fmt.Errorf("%w: %s is there already", errUse, c.Out)
	}
	part := c.Out + ".part"
	switch err := os.Mkdir(part, 0o755); {
	case errors.Is(err, os.ErrExist):
		return fmt.Errorf("%w; what an earlier build left there may be of a set that is logged (loam corpus list)", err)
	case err != nil:
		return err
	}
	defer func() {
		switch {
		case err != nil && card.Corpus.ID != "": // its texts are needed
			err = fmt.Errorf("%w; the set is logged, its files are in %s", err, part)
		case err != nil:
			err = errors.Join(err, os.RemoveAll(part))
		}
	}()
	if card, err = c.build(a, part); err != nil {
		return err
	}
	if err := os.Rename(part, c.Out); err != nil {
		return err
	}
	if c.JSON {
		return a.json(card)
	}
	k := card.Corpus
	_, err = fmt.Fprintf(a.out, "%s: %d works for %s, leaf %d, state of %d leaves, manifest %s\n", c.Out, k.Records, k.Use, k.Place, k.Size, k.Root)
	return err
}

func (c *corpusBuildCmd) build(a *app, dir string) (card corpus.Card, err error) {
	code, err := thisProgram()
	if err != nil {
		return card, err
	}
	texts, err := os.Create(filepath.Join(dir, corpusTexts))
	if err != nil {
		return card, err
	}
	defer func() { err = errors.Join(err, texts.Close()) }()
	return card, c.writing(a, func(ctx context.Context, n *node) error {
		b := corpus.Builder{
			Store: n.db, Log: n.ledger.File, Key: n.ledger.Verifier, Code: code, Patience: ledgerPatience(),
			Keep: func(root ledger.Hash, manifest []byte) error {
				return errors.Join(
					os.WriteFile(filepath.Join(dir, corpusManifest), manifest, 0o644),
					putPictures(texts, n.blobs, filepath.Join(dir, corpusPictures)), texts.Sync(), n.ledger.KeepManifest(root, manifest),
				)
			},
		}
		if card, err = b.Build(ctx, c.Name, loam.Use(c.Use), texts); err != nil {
			return err
		}
		card.Key = n.signer.key
		raw, err := json.MarshalIndent(card, "", "  ")
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, corpusCard), append(raw, '\n'), 0o644)
	})
}

// thisProgram is the SHA-256 of what runs.
func thisProgram() (ledger.Hash, error) {
	path, err := os.Executable()
	if err != nil {
		return ledger.Hash{}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return ledger.Hash{}, err
	}
	defer file.Close()
	return corpus.Program(file)
}

// putPictures lays the pictures a set's texts name beside them, with their labels in them.
func putPictures(texts io.ReadSeeker, blobs *store.Blobs, dir string) error {
	if err := os.RemoveAll(dir); err != nil { // of a try that had to begin anew
		return err
	}
	if _, err := texts.Seek(0, io.SeekStart); err != nil {
		return err
	}
	for d := json.NewDecoder(texts); ; {
		var t corpus.Text
		if err := d.Decode(&t); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		for _, hash := range t.Pictures {
			b, err := blobs.Read(hash)
			if err == nil {
				err = os.MkdirAll(dir, 0o755)
			}
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, hash), b, 0o644)
			}
			if err != nil {
				return err
			}
		}
	}
}

type corpusVerifyCmd struct {
	Dir  string   `arg:"" help:"The training set's folder." type:"existingdir"`
	Args []string `arg:"" optional:"" passthrough:"" help:"--key VKEY [options] DIR|URL of the log, as of loam ledger verify."`
}

// Run checks the texts first, and then the log with everything in it: that this set is one of its
// corpora is asked for by the root.
func (c *corpusVerifyCmd) Run(a *app) error {
	manifest, err := os.ReadFile(filepath.Join(c.Dir, corpusManifest))
	if err != nil {
		return err
	}
	texts, err := os.Open(filepath.Join(c.Dir, corpusTexts))
	if err != nil {
		return err
	}
	defer texts.Close()
	root, n, err := corpus.Compare(manifest, texts)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s: %d works are what the manifest %s commits to\n", c.Dir, n, hex.EncodeToString(root[:]))
	if len(c.Args) == 0 {
		fmt.Fprintln(a.out, "The log was not looked at: give --key VKEY and its folder or address.")
		return nil
	}
	args := append([]string{"--corpus", hex.EncodeToString(root[:])}, c.Args...)
	if status := audit.Verify("loam corpus verify", args, a.out, a.err); status != 0 {
		return answered(status)
	}
	return nil
}

type corpusListCmd struct {
	place
	JSON bool `help:"JSON Lines."`
}

// Run lists newest first.
func (c *corpusListCmd) Run(a *app) error {
	return c.with(a, func(db *store.DB) error {
		list, err := db.Corpora(a.ctx, "")
		if err == nil && len(list) == 0 && !c.JSON {
			_, err = fmt.Fprintln(a.out, "no training sets yet: loam corpus build makes one")
		}
		for _, k := range list {
			err = errors.Join(err, c.tell(a, k))
		}
		return err
	})
}

func (c *corpusListCmd) tell(a *app, k loam.Corpus) error {
	if c.JSON {
		return a.json(k)
	}
	_, err := fmt.Fprintf(a.out, "%s\t%s\t%d works\tleaf %d\t%s\t%s\n", k.ID, k.Use, k.Records, k.Place, day(k.At), k.Name)
	for _, m := range k.Models {
		state := "in use"
		if m.Retired > 0 {
			state = "retired " + day(m.Retired)
		}
		_, e := fmt.Fprintf(a.out, "\t%s\t%s\t%s\t%s\n", m.ID, day(m.At), state, m.Name)
		err = errors.Join(err, e)
	}
	return err
}

func day(at int64) string { return time.UnixMilli(at).UTC().Format(time.DateOnly) }

type corpusModelCmd struct {
	ledgerPlace
	Name    string   `help:"What the model is called where creators read of it." required:""`
	Corpora []string `arg:"" name:"corpus" help:"Ids of the training sets, as loam corpus list gives them."`
}

// Run logs it and prints the model's id.
func (c *corpusModelCmd) Run(a *app) error {
	return c.writing(a, func(ctx context.Context, n *node) error {
		if err := corpus.CheckName(c.Name); err != nil {
			return err
		}
		m, err := n.db.LogModel(ctx, c.Name, slices.Compact(slices.Sorted(slices.Values(c.Corpora))))
		if err != nil {
			return err
		}
		return loggedModel(ctx, a, n.db, m, m.ID)
	})
}

func loggedModel(ctx context.Context, a *app, db *store.DB, m loam.Model, leaf string) error {
	_, at, err := ledgerPatience().Logged(ctx, db, leaf)
	if err == nil {
		_, err = fmt.Fprintf(a.out, "%s\tleaf %d\t%s\n", m.ID, at, m.Name)
	}
	return err
}

type corpusRetireCmd struct {
	ledgerPlace
	Model string `arg:"" help:"The model's id."`
}

// Run logs it.
func (c *corpusRetireCmd) Run(a *app) error {
	return c.writing(a, func(ctx context.Context, n *node) error {
		m, leaf, err := n.db.RetireModel(ctx, c.Model)
		if err != nil {
			return err
		}
		return loggedModel(ctx, a, n.db, m, leaf)
	})
}
