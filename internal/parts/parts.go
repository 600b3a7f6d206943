package parts

import (
	"context"
	"crypto/sha256"
	_ "embed" // the worker's script and the models' hashes
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"loam"
	"loam/internal/screen"
)

var (
	//go:embed worker.py
	worker string
	// sums are the hashes of the models, in the form of sha256sum.
	//go:embed models.txt
	sums string
)

// Config says where the parts are and how much they may take.
type Config struct {
	Dir      string        // the folder `make parts` filled
	Children int           // at most so many look at a time, each on one core; 0 is 1
	Idle     time.Duration // a child that is not asked so long ends; 0 is five minutes
	Longest  time.Duration // one look may take, waiting for a child included; 0 is 20 s
}

// Parts look into pictures. It is safe for concurrent use; children start with the first
// picture.
type Parts struct {
	config Config
	script string
	models []model
	slots  chan *child // nil for a child that does not run
	ctx    context.Context
	stop   context.CancelFunc
}

// Open makes Parts; it starts nothing and looks for nothing yet.
func Open(c Config) *Parts {
	c.Children = max(c.Children, 1)
	if c.Idle == 0 {
		c.Idle = 5 * time.Minute
	}
	if c.Longest == 0 {
		c.Longest = 20 * time.Second
	}
	p := &Parts{config: c, script: worker + "\n\n" + listener + "\n\nmain()\n", models: pinned(), slots: make(chan *child, c.Children)}
	p.ctx, p.stop = context.WithCancel(context.Background())
	for range c.Children {
		p.slots <- nil
	}
	return p
}

// Close ends every child, also one that is looking. Nothing is looked at afterwards.
func (p *Parts) Close() {
	p.stop()
	for range p.config.Children {
		if c := <-p.slots; c != nil {
			c.end()
		}
		p.slots <- nil
	}
}

// OCR names the model that reads, with a hash that changes when its answers may.
func (p *Parts) OCR() string { return "PP-OCRv4 " + p.fingerprint("ocr-") }

// Unsafe names the model that judges, with a hash that changes when its answers may.
func (p *Parts) Unsafe() string { return "nsfwjs-MobileNetV2 " + p.fingerprint("unsafe") }

func (p *Parts) fingerprint(prefix string) string { return p.sumOf(p.script, prefix) }

// sumOf is a hash of some text and of the models whose names begin so.
func (p *Parts) sumOf(all, prefix string) string {
	for _, m := range p.models {
		if strings.HasPrefix(m.name, prefix) {
			all += m.sum
		}
	}
	sum := sha256.Sum256([]byte(all))
	return hex.EncodeToString(sum[:])[:8]
}

// model is a file of the models' folder and its SHA-256.
type model struct{ sum, name string }

func pinned() []model {
	var out []model
	for line := range strings.Lines(sums) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		out = append(out, model{sum, name})
	}
	return out
}

func (p *Parts) folder() string { return filepath.Join(p.config.Dir, "models") }

func (p *Parts) python() string { return filepath.Join(p.config.Dir, "python", "bin", "python") }

// Health is nil where the parts are installed, screen.ErrAbsent where they are not.
func (p *Parts) Health(context.Context) error {
	files := []string{p.python()}
	for _, m := range p.models {
		files = append(files, filepath.Join(p.folder(), m.name))
	}
	for _, f := range files {
		if _, err := os.Stat(f); err != nil {
			return fmt.Errorf("%w: %s is missing", screen.ErrAbsent, f)
		}
	}
	return nil
}

// Try starts a child if none runs and says whether children are kept off the network.
func (p *Parts) Try(ctx context.Context) (alone bool, err error) {
	err = p.with(ctx, func(_ context.Context, c *child) error {
		alone = c.alone
		return nil
	})
	return alone, err
}

// verify compares every model with its hash: 35 MB, before each start of a child.
func (p *Parts) verify() error {
	for _, m := range p.models {
		f, err := os.Open(filepath.Join(p.folder(), m.name))
		if err != nil {
			return err
		}
		h := sha256.New()
		_, err = io.Copy(h, f)
		f.Close()
		if err != nil {
			return err
		}
		if hex.EncodeToString(h.Sum(nil)) != m.sum {
			return fmt.Errorf("%s is not the model this build knows: run make parts", f.Name())
		}
	}
	return nil
}

// Words reads a picture's file, line by line from the top: at most 64 lines. The error is
// screen.ErrAbsent, or a loam.Error: Invalid for what is no picture, Unavailable for
// everything else.
func (p *Parts) Words(ctx context.Context, picture []byte) ([]screen.Line, error) {
	a, err := p.look(ctx, wantWords, picture)
	return a.Lines, err
}

// Classes gives the probabilities of what a picture's file shows, by the names of
// screen.Classes. Errors are those of Words.
func (p *Parts) Classes(ctx context.Context, picture []byte) (map[string]float64, error) {
	a, err := p.look(ctx, wantClasses, picture)
	return a.Classes, err
}

// look has a child look at a picture.
func (p *Parts) look(ctx context.Context, want byte, picture []byte) (a answer, err error) {
	if err := p.Health(ctx); err != nil {
		return a, err
	}
	a, err = p.answerTo(ctx, want, picture)
	if err == nil && a.Error != "" {
		return answer{}, loam.Fail(loam.Invalid, "picture.broken").Because(errors.New(a.Error))
	}
	return a, err
}

// answerTo is what a child answers when it is asked for something of some bytes.
func (p *Parts) answerTo(ctx context.Context, want byte, data []byte) (a answer, err error) {
	err = p.with(ctx, func(ctx context.Context, c *child) error {
		body, err := c.ask(ctx, want, data)
		if err == nil {
			a, err = parse(want, body)
		}
		return err
	})
	return a, err
}

// with waits for a free child, starting it where none runs, and hands it over. A child that
// answered anything but what was asked does not live on.
func (p *Parts) with(ctx context.Context, use func(context.Context, *child) error) (err error) {
	ctx, cancel := context.WithTimeout(ctx, p.config.Longest)
	defer cancel()
	defer context.AfterFunc(p.ctx, cancel)()
	defer func() {
		if err != nil {
			err = loam.Fail(loam.Unavailable, "parts.child").Because(err)
		}
	}()
	var c *child
	select {
	case c = <-p.slots:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { p.slots <- c }()
	if err := p.ctx.Err(); err != nil {
		return err
	}
	for {
		rested := c != nil && !c.gone()
		if !rested {
			if c, err = p.start(ctx); err != nil {
				return err
			}
		}
		if err = use(ctx, c); err == nil {
			return nil
		}
		err = c.blame(err)
		retired := rested && c.left == nil // it left, unasked for long, as it was asked
		if c = nil; !retired {
			return err
		}
	}
}
