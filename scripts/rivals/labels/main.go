// Command labels times Loam's labels and manifests beside other programs over the same files, in
// one run: one thread each, one warm-up, then rounds in turn, so that what slows the machine
// slows them alike. It prints a Markdown table: how many files a second, median and spread.
//
// What the rows do differs where programs do; the row says what is done.
package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	mrand "math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"loam"
	"loam/internal/c2pa"
	"loam/internal/media"
)

func main() {
	bin := flag.String("bin", ".cache/rivals", "folder of the rivals' programs")
	rounds := flag.Int("rounds", 7, "rounds in turn")
	flag.Parse()
	runtime.GOMAXPROCS(1)
	if err := compare(*bin, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "labels:", err)
		os.Exit(1)
	}
}

// rival is one row. Run does its work a number of times and says how long it took.
type rival struct {
	group, name string
	times       int
	run         func(times int) (time.Duration, error)
	took        []time.Duration // of one
}

func compare(bin string, rounds int) error {
	dir, err := os.MkdirTemp("", "labels")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b, err := newBench(dir)
	if err != nil {
		return err
	}
	rows, stop := b.rivals(bin)
	defer stop()
	var running []*rival
	for _, r := range rows {
		if _, err := r.run(1); err != nil {
			fmt.Fprintf(os.Stderr, "%s, %s: skipped: %v\n", r.group, r.name, err)
			continue
		}
		running = append(running, r)
	}
	for range rounds {
		for _, r := range running {
			took, err := r.run(r.times)
			if err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
			r.took = append(r.took, took/time.Duration(r.times))
		}
	}
	fmt.Printf("A JPEG of %d bytes, a film of %d bytes; %d rounds, one thread each.\n\n", len(b.photo), b.filmSize, rounds)
	fmt.Println("| what is done | by | a second, median (least–most) | milliseconds each |\n| --- | --- | --- | --- |")
	for _, r := range running {
		slices.Sort(r.took)
		per := func(d time.Duration) float64 { return 1 / d.Seconds() }
		m := r.took[len(r.took)/2]
		fmt.Printf("| %s | %s | %.4g (%.4g–%.4g) | %.4g |\n", r.group, r.name, per(m), per(r.took[len(r.took)-1]), per(r.took[0]), m.Seconds()*1000)
	}
	return nil
}

// bench is what all rows work on.
type bench struct {
	dir           string
	photo, signed []byte
	film          string
	filmSize      int64
	signer        c2pa.Signer
	trust         *c2pa.Trust
}

func newBench(dir string) (*bench, error) {
	b := &bench{dir: dir, film: filepath.Join(dir, "film.mov")}
	now := time.Now()
	a, err := c2pa.NewAuthority(rand.Reader, now, "Bench")
	if err != nil {
		return nil, err
	}
	leaf, key, err := a.Leaf(rand.Reader, now)
	if err != nil {
		return nil, err
	}
	b.trust = c2pa.NewTrust(a.Root)
	b.signer = c2pa.Signer{Chain: []*x509.Certificate{leaf, a.Root}, Key: key, Rand: rand.Reader, Now: now, Trust: b.trust}
	pem, err := c2pa.EncodeKey(key)
	if err != nil {
		return nil, err
	}
	if b.photo, err = photo(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := b.sign(&out); err != nil {
		return nil, err
	}
	b.signed = out.Bytes()
	for name, content := range map[string][]byte{
		"chain.pem": c2pa.EncodeChain(leaf, a.Root), "key.pem": pem, "anchors.pem": c2pa.EncodeChain(a.Root), "photo.jpg": b.photo, "exif.jpg": b.photo,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return nil, err
		}
	}
	if err := b.makeFilm(); err != nil {
		fmt.Fprintln(os.Stderr, "no film:", err)
	}
	return b, nil
}

// photo is a JPEG of about 150 KB.
func photo() ([]byte, error) {
	r := mrand.New(mrand.NewPCG(1, 2))
	img := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			n := uint8(r.IntN(64))
			img.Set(x, y, color.RGBA{uint8(x/3) + n, uint8(y/3) + n, uint8(x*y/2000) + n, 255})
		}
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 89})
	return b.Bytes(), err
}

func mark() loam.Mark {
	const code = "001191000000000000000K10000" // names nobody
	return loam.Mark{Label: "1", ContentProducer: code, ProduceID: "bench", ContentPropagator: code, PropagateID: "bench"}
}

// sign writes the GB label and a manifest.
func (b *bench) sign(out *bytes.Buffer) error {
	e, err := media.Plan(bytes.NewReader(b.photo), mark())
	if err != nil {
		return err
	}
	e, err = c2pa.Sign(e, c2pa.Claim{
		Generator: c2pa.Agent{Name: "loam", Version: "1"}, Title: "note", Created: true, SourceType: c2pa.SourceGenerated, Agent: c2pa.Agent{Name: "model", Version: "2"},
	}, b.signer)
	if err != nil {
		return err
	}
	out.Reset()
	_, err = e.WriteTo(out)
	return err
}

// check reads both marks back.
func (b *bench) check(file []byte) error {
	found, err := media.Read(file)
	if err != nil {
		return err
	}
	labels := 0
	for i := range found {
		if found[i].Strict() && found[i].Mark == mark() {
			labels++
		}
	}
	r, err := c2pa.Inspect(bytes.NewReader(file), b.trust, b.signer.Now)
	if err != nil || r.State != c2pa.Trusted || labels != 1 {
		return fmt.Errorf("read back: %s, %d labels: %w", r.State, labels, err)
	}
	return nil
}

// repeat times something done in this process.
func repeat(f func() error) func(int) (time.Duration, error) {
	return func(times int) (time.Duration, error) {
		begun := time.Now()
		for range times {
			if err := f(); err != nil {
				return 0, err
			}
		}
		return time.Since(begun), nil
	}
}

// labelFilm writes a labelled copy of the film.
func (b *bench) labelFilm() error {
	return b.withFilm(func(in *os.File, size int64, out *os.File) error {
		e, err := media.Plan(io.NewSectionReader(in, 0, size), mark())
		if err != nil {
			return err
		}
		_, err = e.WriteTo(out)
		return err
	})
}

// signFilm writes a labelled and signed copy.
func (b *bench) signFilm() error {
	return b.withFilm(func(in *os.File, size int64, out *os.File) error {
		e, err := media.Plan(io.NewSectionReader(in, 0, size), mark())
		if err != nil {
			return err
		}
		if e, err = c2pa.Sign(e, c2pa.Claim{Generator: c2pa.Agent{Name: "loam"}, Created: true, SourceType: c2pa.SourceGenerated}, b.signer); err != nil {
			return err
		}
		_, err = e.WriteTo(out)
		return err
	})
}

// copyFilm is what neither can be faster than: a copy and its digest.
func (b *bench) copyFilm() error {
	return b.withFilm(func(in *os.File, _ int64, out *os.File) error {
		_, err := io.CopyBuffer(io.MultiWriter(out, sha256.New()), in, make([]byte, 1<<20))
		return err
	})
}

func (b *bench) withFilm(do func(in *os.File, size int64, out *os.File) error) error {
	in, err := os.Open(b.film)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(filepath.Join(b.dir, "out.mov"))
	if err != nil {
		return err
	}
	if err := do(in, b.filmSize, out); err != nil {
		_ = out.Close() // the first error says more
		return err
	}
	return out.Close()
}

// labelPhoto labels a file into another one.
func (b *bench) labelPhoto() error {
	in, err := os.ReadFile(filepath.Join(b.dir, "photo.jpg"))
	if err != nil {
		return err
	}
	out, err := media.Write(in, mark())
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(b.dir, "out.jpg"), out, 0o600)
}

func (b *bench) readPhoto(file string) error {
	in, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	_, err = media.Read(in)
	return err
}
