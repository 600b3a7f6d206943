package main

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"

	"loam"
	"loam/internal/label"
	"loam/internal/media"
)

// place says where an installation's data is; every command with state takes it.
type place struct {
	Data string `help:"Data folder." env:"LOAM_DATA" default:"data" type:"path" placeholder:"DIR"`
	DB   string `name:"db" help:"PostgreSQL URL; without one the database is SQLite in the data folder." env:"LOAM_DB" placeholder:"URL"`
}

// partsFolder says where the optional parts are.
type partsFolder struct {
	Parts string `help:"Folder of the optional picture parts, as make parts fills it." env:"LOAM_PARTS" default:".cache/parts" type:"path" placeholder:"DIR"`
}

// config is everything a server can be told: flags before environment before loam.toml.
type config struct {
	place
	partsFolder
	Addr          string   `help:"Address to listen on." env:"LOAM_ADDR" default:"localhost:8600"`
	Demo          bool     `help:"Fill a demo community with one-click people; loopback only, data in DATA/demo."`
	PublicURL     string   `name:"public-url" help:"The address people type, such as https://loam.example." env:"LOAM_PUBLIC_URL" placeholder:"URL"`
	Proxies       []string `name:"trusted-proxies" help:"Networks whose X-Forwarded-For counts." env:"LOAM_TRUSTED_PROXIES" placeholder:"CIDR"`
	LabelProducer string   `name:"label-producer" help:"Who labels say made the content: a 27-character provider code, or a name in ASCII." env:"LOAM_LABEL_PRODUCER" placeholder:"CODE"`
	LabelCert     string   `name:"label-cert" help:"Certificate chain (PEM) that manifests are signed with; one of the installation's own if not given." env:"LOAM_LABEL_CERT" type:"path" placeholder:"FILE"`
	LabelKey      string   `name:"label-key" help:"Its private key (PEM)." env:"LOAM_LABEL_KEY" type:"path" placeholder:"FILE"`
	LabelArranged string   `name:"label-arranged" help:"Whether text arranged by rules alone is labelled (is) or not (none)." env:"LOAM_LABEL_ARRANGED" enum:"none,is" default:"none"`
	LabelUploads  string   `name:"label-uploads" help:"Who a label says produced an upload that carries none: ours, or unnamed." env:"LOAM_LABEL_UPLOADS" enum:"ours,unnamed" default:"ours"`
	LabelWords    string   `name:"label-words" help:"The visible label: short, with AI or 人工智能 and 生成 or 合成." env:"LOAM_LABEL_WORDS" default:"内容由AI生成"`
	LabelCorner   string   `name:"label-corner" help:"The corner it stands in: bottom-left, bottom-right, top-left or top-right." env:"LOAM_LABEL_CORNER" enum:"bottom-left,bottom-right,top-left,top-right" default:"bottom-left"`
	ModelURL      string   `name:"model-url" help:"Base of an OpenAI-compatible endpoint (…/v1)." env:"LOAM_MODEL_URL" placeholder:"URL"`
	ModelName     string   `name:"model-name" help:"The model's name there." env:"LOAM_MODEL_NAME" placeholder:"NAME"`
	ModelKey      string   `name:"model-key" help:"Its key." env:"LOAM_MODEL_KEY" placeholder:"KEY"`
	ModelPrice    int64    `name:"model-price" help:"Micro-yuan per 1,000 tokens, for the record of costs." env:"LOAM_MODEL_PRICE" default:"0"`
	GuardURL      string   `name:"guard-url" help:"Base of an OpenAI-compatible endpoint (…/v1) with a guard model; none is asked if not given." env:"LOAM_GUARD_URL" placeholder:"URL"`
	GuardName     string   `name:"guard-name" help:"The guard model's name there; it answers as Qwen3Guard does." env:"LOAM_GUARD_NAME" placeholder:"NAME"`
	GuardKey      string   `name:"guard-key" help:"Its key." env:"LOAM_GUARD_KEY" placeholder:"KEY"`
	GuardCost     int64    `name:"guard-cost" help:"Micro-yuan a look, for the record of costs." env:"LOAM_GUARD_COST" default:"0"`
	NoticeDays    int      `name:"notice-days" help:"Days for the answer to a counter-notice before what was taken down comes back; the law says 15." env:"LOAM_NOTICE_DAYS" default:"15"`
	RepeatNotices int      `name:"repeat-notices" help:"Upheld notices that make a repeat infringer." env:"LOAM_REPEAT_NOTICES" default:"3"`
	RepeatDays    int      `name:"repeat-days" help:"Days within which they fall." env:"LOAM_REPEAT_DAYS" default:"180"`
	RepeatPause   int      `name:"repeat-pause" help:"Days for which a repeat infringer may not publish." env:"LOAM_REPEAT_PAUSE" default:"30"`
	NoticeKeep    int      `name:"notice-keep" help:"Days for which it is known how to reach a claimant after the last that happened to her notice." env:"LOAM_NOTICE_KEEP" default:"1095"`
	Witnesses     string   `help:"Who cosigns the rights ledger: a policy file of lines witness NAME VKEY URL, group NAME N NAME…, quorum NAME; nobody if not given." env:"LOAM_WITNESSES" type:"path" placeholder:"FILE"`
	Policy        string   `help:"Policy file; the default is Loam's own." env:"LOAM_POLICY" type:"path" placeholder:"FILE"`
	Log           string   `help:"Log as text or json." env:"LOAM_LOG" enum:"text,json" default:"text"`
}

// demoProducer is the code of facts that demonstrations and tests use: its region
// (000000) is given to nobody.
const demoProducer = "001191000000000000000K10000"

// terms is where anybody reads what a work's creator allows; "" where people reach this
// installation by no address of its own.
func (c *config) terms(work string) string {
	if c.PublicURL == "" {
		return ""
	}
	return strings.TrimSuffix(c.PublicURL, "/") + "/p/" + work + "/terms"
}

// check names the first value that cannot be.
func (c *config) check() error {
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return fmt.Errorf("%w: --addr %q is not host:port", errUse, c.Addr)
	}
	if c.Demo && !loopback(host) {
		return fmt.Errorf("%w: --demo has sign-ins without password and listens on loopback only, not on %q", errUse, host)
	}
	if c.Demo && c.DB != "" {
		return fmt.Errorf("%w: --demo fills a community of its own in DATA/demo with people who need no password; it does not go with --db", errUse)
	}
	if c.PublicURL == "" && !loopback(host) {
		return fmt.Errorf("%w: to listen on %q set --public-url to the address people type", errUse, host)
	}
	if u, err := url.Parse(c.PublicURL); c.PublicURL != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("%w: --public-url %q is not an http or https address", errUse, c.PublicURL)
	}
	for _, m := range [][3]string{{"model", c.ModelURL, c.ModelName}, {"guard", c.GuardURL, c.GuardName}} {
		if (m[1] == "") != (m[2] == "") {
			return fmt.Errorf("%w: --%s-url and --%s-name go together", errUse, m[0], m[0])
		}
		if u, err := url.Parse(m[1]); m[1] != "" && (err != nil || u.Host == "") {
			return fmt.Errorf("%w: --%s-url %q is not an address", errUse, m[0], m[1])
		}
	}
	if err := c.checkNotices(); err != nil {
		return err
	}
	if _, err := c.proxies(); err != nil {
		return err
	}
	if _, err := c.policy(); err != nil {
		return fmt.Errorf("--policy: %w", err)
	}
	if _, err := c.witnesses(); err != nil {
		return fmt.Errorf("--witnesses: %w", err)
	}
	if _, _, err := c.labelPair(time.Now()); err != nil {
		return err
	}
	return c.checkProducer()
}

func (c *config) checkProducer() error {
	if c.LabelWords != "" && label.CheckWords(c.LabelWords) != nil {
		return fmt.Errorf("%w: --label-words %q does not say AI or 人工智能 and 生成 or 合成 on one short line", errUse, c.LabelWords)
	}
	if c.LabelProducer == "" {
		return nil
	}
	if err := label.CheckProducer(c.LabelProducer); err != nil {
		return fmt.Errorf("%w: --label-producer %q is neither a right 27-character provider code nor a name of ASCII without spaces", errUse, c.LabelProducer)
	}
	if media.TestRegion(c.LabelProducer) && !c.Demo {
		return fmt.Errorf("%w: --label-producer %q is a code for tests; it names nobody", errUse, c.LabelProducer)
	}
	return nil
}

// checkNotices names a number of notices that cannot be; 0 stands for the default.
func (c *config) checkNotices() error {
	for _, f := range []struct {
		name string
		n    int
	}{{"notice-days", c.NoticeDays}, {"repeat-notices", c.RepeatNotices}, {"repeat-days", c.RepeatDays}, {"repeat-pause", c.RepeatPause}} {
		if f.n < 0 || f.n > 3650 {
			return fmt.Errorf("%w: --%s %d is not from 0 to 3650", errUse, f.name, f.n)
		}
	}
	return nil
}

// noticeRules are the clocks and numbers of notices; what is not set has its default.
func (c *config) noticeRules() loam.NoticeRules {
	r := loam.DefaultNoticeRules()
	for _, days := range []struct {
		to *int64
		n  int
	}{{&r.Wait, c.NoticeDays}, {&r.Within, c.RepeatDays}, {&r.Pause, c.RepeatPause}, {&r.Keep, c.NoticeKeep}} {
		if days.n > 0 {
			*days.to = int64(days.n) * loam.DayMillis
		}
	}
	if c.RepeatNotices > 0 {
		r.Repeat = c.RepeatNotices
	}
	return r
}

// base is the address of the installation for people, with the port it listens on at addr. The host is
// the one it was given: browsers make passkeys at localhost and at no address of an IP.
func (c *config) base(addr string) string {
	if c.PublicURL != "" {
		return strings.TrimSuffix(c.PublicURL, "/")
	}
	host, _, err := net.SplitHostPort(c.Addr)
	_, port, e := net.SplitHostPort(addr)
	if err != nil || e != nil {
		return "http://" + addr
	}
	return "http://" + net.JoinHostPort(host, port)
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

func (c *config) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range c.Proxies {
		p, err := netip.ParsePrefix(strings.TrimSpace(s))
		if err != nil {
			return nil, fmt.Errorf("%w: --trusted-proxies %q is not a network such as 10.0.0.0/8", errUse, s)
		}
		out = append(out, p)
	}
	return out, nil
}

// redacted lists the configuration for doctor and the log, secrets left out.
func (c *config) redacted() []slog.Attr {
	secret := func(s string) string {
		if s == "" {
			return ""
		}
		return "(set)"
	}
	db := c.DB
	if u, err := url.Parse(db); err == nil && u.Scheme != "" {
		db = u.Redacted()
	} else {
		db = secret(db) // the form "host=… password=…"
	}
	return []slog.Attr{
		slog.String("addr", c.Addr), slog.String("data", c.Data), slog.String("db", db), slog.Bool("demo", c.Demo),
		slog.String("public_url", c.PublicURL), slog.String("trusted_proxies", strings.Join(c.Proxies, ",")), slog.String("label_producer", c.LabelProducer),
		slog.String("label_cert", c.LabelCert), slog.String("label_key", secret(c.LabelKey)), slog.String("label_arranged", c.LabelArranged), slog.String("label_uploads", c.LabelUploads), slog.String("label_words", c.LabelWords), slog.String("label_corner", c.LabelCorner),
		slog.String("model_url", c.ModelURL), slog.String("model_name", c.ModelName), slog.String("model_key", secret(c.ModelKey)),
		slog.Int64("model_price", c.ModelPrice),
		slog.String("guard_url", c.GuardURL), slog.String("guard_name", c.GuardName), slog.String("guard_key", secret(c.GuardKey)), slog.Int64("guard_cost", c.GuardCost),
		slog.Int("notice_days", c.NoticeDays), slog.Int("repeat_notices", c.RepeatNotices), slog.Int("repeat_days", c.RepeatDays), slog.Int("repeat_pause", c.RepeatPause),
		slog.String("policy", c.Policy), slog.String("witnesses", c.Witnesses), slog.String("parts", c.Parts), slog.String("log", c.Log),
	}
}

// fileValues is what loam.toml says, by the name of the flag with _ for -.
type fileValues struct {
	path   string
	values map[string]any
	getenv func(string) string
}

// configFile resolves flags from loam.toml in the working folder, if there is one.
func configFile(path string, getenv func(string) string) (kong.Resolver, error) {
	f := fileValues{path: path, values: map[string]any{}, getenv: getenv}
	_, err := toml.DecodeFile(path, &f.values)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// Validate names a key that no command has as a flag: a misspelt setting must not be a
// setting that silently does nothing.
func (f fileValues) Validate(model *kong.Application) error {
	known := map[string]bool{}
	var walk func(*kong.Node)
	walk = func(n *kong.Node) {
		for _, flag := range n.Flags {
			known[key(flag)] = true
		}
		for _, child := range n.Children {
			walk(child)
		}
	}
	walk(model.Node)
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		if !known[name] {
			return fmt.Errorf("%w: %s: there is no setting %q", errUse, f.path, name)
		}
	}
	return nil
}

// Resolve gives a flag's value in the file; the environment goes before it.
func (f fileValues) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, e := range flag.Envs {
		if f.getenv(e) != "" {
			return nil, nil
		}
	}
	v, ok := f.values[key(flag)]
	if !ok {
		return nil, nil
	}
	if list, ok := v.([]any); ok {
		parts := make([]string, len(list))
		for i, e := range list {
			parts[i] = fmt.Sprint(e)
		}
		return strings.Join(parts, ","), nil
	}
	return fmt.Sprint(v), nil
}

func key(flag *kong.Flag) string { return strings.ReplaceAll(flag.Name, "-", "_") }
