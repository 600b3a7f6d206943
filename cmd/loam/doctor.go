package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"loam/internal/fonts"
	"loam/internal/gateway"
	"loam/internal/label"
	"loam/internal/outbound"
	"loam/internal/parts"
	"loam/internal/store"
	"loam/internal/text"
	"loam/internal/ui"
)

// version is set by the build.
var version = "dev"

type doctorCmd struct {
	config
	JSON bool `help:"One JSON object."`
}

// checkup is one line of the doctor's report. Level is ok, missing (something does not
// work), or optional (it works without).
type checkup struct {
	Name   string `json:"name"`
	Level  string `json:"level"`
	Detail string `json:"detail"`
	Fix    string `json:"fix"`
}

// Run looks at what works on this machine, what is missing and how to get it. It fails if
// something missing keeps a server from starting.
func (c *doctorCmd) Run(a *app) error {
	checks := c.checkups(a.ctx)
	if c.JSON {
		conf := map[string]any{}
		for _, attr := range c.redacted() {
			conf[attr.Key] = attr.Value.Any()
		}
		if err := json.NewEncoder(a.out).Encode(map[string]any{"version": version, "checks": checks, "config": conf}); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(a.out, "loam %s\n", version)
		for _, k := range checks {
			fmt.Fprintf(a.out, "%-9s %-14s %s\n", k.Level, k.Name, k.Detail)
			if k.Fix != "" {
				fmt.Fprintf(a.out, "%-9s %-14s → %s\n", "", "", k.Fix)
			}
		}
		for _, attr := range c.redacted() {
			fmt.Fprintf(a.out, "  %s = %v\n", attr.Key, attr.Value.Any())
		}
	}
	for _, k := range checks {
		if k.Level == "missing" {
			return fmt.Errorf("%s: %s", k.Name, k.Detail)
		}
	}
	return nil
}

func (c *doctorCmd) checkups(ctx context.Context) []checkup {
	out := []checkup{}
	add := func(name, detail, fix, bad string, err error) {
		k := checkup{Name: name, Level: "ok", Detail: detail}
		if err != nil {
			k.Level, k.Detail, k.Fix = bad, err.Error(), fix
		}
		out = append(out, k)
	}
	add("config", "valid", "correct the named value", "missing", c.check())
	add("data", c.folder(), "give --data a folder this user can write", "missing", writable(c.folder()))
	database, err := c.database(ctx)
	add("database", database, "check --db, and that the server runs", "missing", err)
	out = append(out, c.ledgerCheckup(ctx, time.Now()))
	_, err = fonts.Load()
	add("fonts", "embedded", "run make fonts and build again", "missing", err)
	add("dictionary", "embedded", "run go generate ./internal/text and build again", "optional", dictionary())
	add("app", "embedded", "run make build", "optional", appBuilt())
	out = append(out, c.producerCheckup())
	until, err := c.labelUntil(time.Now())
	add("certificate", until, "get a new one and set LOAM_LABEL_CERT and LOAM_LABEL_KEY", "optional", err)
	add("model", c.ModelName, "set LOAM_MODEL_URL and LOAM_MODEL_NAME, or start a local engine; drafting works without", "optional", c.modelFound(ctx))
	out = append(out, c.partCheckups(ctx)...)
	out = append(out, c.biometricsCheckup(ctx))
	add("ffmpeg", "found", "apt-get install ffmpeg; without it films and sounds get no label that is seen or heard, and a sound that says it is AI cannot be submitted", "optional", parts.Films{}.Ready())
	add("fpcalc", "found", "apt-get install libchromaprint-tools; without it registered recordings are not compared, and notes with a sound go to people once anything is registered", "optional", parts.CanFingerprint())
	add("espeak-ng", "found", "apt-get install espeak-ng; without it a sound's label is a rhythm, not spoken", "optional", parts.CanSpeak())
	return out
}

// partCheckups starts a child, as the first picture would.
func (c *doctorCmd) partCheckups(ctx context.Context) []checkup {
	p := parts.Open(parts.Config{Dir: c.Parts})
	defer p.Close()
	ocr, unsafe := checkup{Name: "ocr", Level: "ok", Detail: p.OCR()}, checkup{Name: "unsafe", Level: "ok", Detail: p.Unsafe()}
	alone, err := true, p.Health(ctx)
	if err == nil {
		alone, err = p.Try(ctx)
	}
	if err != nil {
		const fix = "run make parts; without it words in pictures and unsafe pictures are not looked for, verdicts say so, and nobody is compared by face or voice"
		ocr.Level, ocr.Detail, ocr.Fix = "optional", err.Error(), fix
		unsafe.Level, unsafe.Detail, unsafe.Fix = "optional", err.Error(), fix
	}
	out := []checkup{ocr, unsafe}
	if !alone {
		out = append(out, checkup{
			Name: "parts", Level: "optional", Detail: "what looks into pictures cannot be kept off the network here",
			Fix: "allow user namespaces to this user (sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns)",
		})
	}
	return out
}

// manyFaces is from how many stored faces on they are filed with the provincial cyberspace authority,
// within 30 working days (Measures for the Security of Face Recognition of 2025-06-01, Art. 15).
const manyFaces = 100_000

func (c *doctorCmd) biometricsCheckup(ctx context.Context) checkup {
	faces, voices, err := store.ProbeBiometrics(ctx, store.Config{URL: c.DB, Dir: c.folder()})
	switch {
	case err != nil:
		return checkup{"biometrics", "optional", err.Error(), "check --db, and that the server runs"}
	case faces >= manyFaces:
		return checkup{"biometrics", "optional", fmt.Sprintf("%d faces are kept", faces), "from 100,000 on they are filed with the provincial cyberspace authority within 30 working days"}
	}
	return checkup{Name: "biometrics", Level: "ok", Detail: fmt.Sprintf("%d faces and %d voices are kept, of who agreed to be compared", faces, voices)}
}

func writable(dir string) error {
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); err == nil {
			f, err := os.CreateTemp(d, ".loam-doctor-*")
			if err != nil {
				return err
			}
			_ = f.Close() // it is removed at once
			return os.Remove(f.Name())
		}
		if d == filepath.Dir(d) {
			return fs.ErrNotExist
		}
	}
}

// database says which database it is and how far its schema is; looking makes and
// migrates nothing.
func (c *doctorCmd) database(ctx context.Context) (string, error) {
	name := "SQLite"
	if c.DB != "" {
		name = "PostgreSQL"
	}
	if dir := c.place.demo(); dir != "" && !c.Demo {
		name += " (a demo's is in " + dir + ": --demo)"
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	s, err := store.Probe(ctx, store.Config{URL: c.DB, Dir: c.folder()})
	switch {
	case err != nil:
		return "", err
	case s.At == 0:
		return name + ", nothing in it yet", nil
	case s.At < s.Build:
		return fmt.Sprintf("%s, schema %d; the next start brings it to %d", name, s.At, s.Build), nil
	}
	return fmt.Sprintf("%s, schema %d", name, s.At), nil
}

// folder is where the data is: the demo has its own.
func (c *doctorCmd) folder() string {
	if c.Demo {
		return filepath.Join(c.Data, demoFolder)
	}
	return c.Data
}

func dictionary() error {
	if !text.HasWords() {
		return fs.ErrNotExist
	}
	return nil
}

func appBuilt() error {
	app, err := ui.App()
	if err == nil {
		_, err = fs.Stat(app, "assets")
	}
	return err
}

// producerCheckup looks at whom labels name.
func (c *doctorCmd) producerCheckup() checkup {
	switch {
	case c.LabelProducer == "" && !c.Demo:
		return checkup{"label", "optional", "no label producer", "set LOAM_LABEL_PRODUCER; without it nothing a model wrote can be published"}
	case label.IsPropagator(c.LabelProducer):
		return checkup{"label", "optional", propagatorSaid("LOAM_LABEL_PRODUCER", c.LabelProducer), "set LOAM_LABEL_PRODUCER to the code with 1 in place 23; the propagator's is made of it"}
	}
	return checkup{Name: "label", Level: "ok", Detail: c.LabelProducer}
}

func (c *doctorCmd) modelFound(ctx context.Context) error {
	if c.ModelURL != "" {
		return gateway.New(gateway.Config{Client: outbound.Operator()}).Answers(ctx, c.model())
	}
	found := gateway.New(gateway.Config{Client: outbound.Operator()}).Find(ctx)
	names := []string{}
	for _, m := range found {
		names = append(names, m.Name+" at "+m.URL)
	}
	if len(names) > 0 {
		return fmt.Errorf("found but not accepted: %s", strings.Join(names, ", "))
	}
	return fmt.Errorf("none")
}
