// Command loam is the whole of Loam in one binary: it serves a community, and does on the
// command line, without a server, each single thing that can be done without one.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"unicode"

	"github.com/alecthomas/kong"

	"loam/internal/web"
)

// app is what a command may touch: its streams and its life time.
type app struct {
	ctx    context.Context
	in     io.Reader
	out    io.Writer
	err    io.Writer
	getenv func(string) string
}

// lang is the language of messages: Chinese where the locale says so.
func (a *app) lang() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := a.getenv(name); v != "" {
			if strings.HasPrefix(v, "zh") {
				return "zh"
			}
			break
		}
	}
	return "en"
}

// commands is the command line; each field's Run is in the file of its name.
type commands struct {
	Serve    serveCmd    `cmd:"" help:"Serve a community: pages, API and app."`
	Phrases  phrasesCmd  `cmd:"" help:"The standing phrases of an installation."`
	Account  accountCmd  `cmd:"" help:"Accounts: roles, and who may sign in."`
	Key      keyCmd      `cmd:"" help:"API keys."`
	Backup   backupCmd   `cmd:"" help:"Write database, files and keys as one verified archive; a server may run."`
	Restore  restoreCmd  `cmd:"" help:"Fill an empty place from an archive."`
	Doctor   doctorCmd   `cmd:"" help:"What works on this machine, what is missing, how to get it."`
	Screen   screenCmd   `cmd:"" help:"Screen texts and pictures: verdicts as JSON Lines."`
	Draft    draftCmd    `cmd:"" help:"Make a draft of an idea."`
	Cover    coverCmd    `cmd:"" help:"Draw a title as a cover."`
	Label    labelCmd    `cmd:"" help:"Write the AI label into a file."`
	Inspect  inspectCmd  `cmd:"" help:"Say what a file's AI labels say."`
	Creation creationCmd `cmd:"" help:"Creation logs: evidence of how a note came to be."`
	Ledger   ledgerCmd   `cmd:"" help:"The rights ledger: verify, mirror, prove, export."`
	Corpus   corpusCmd   `cmd:"" help:"Training sets: build, verify, and log what was trained on them."`
	Bench    benchCmd    `cmd:"" help:"Measure one part on this machine."`
	Version  versionCmd  `cmd:"" help:"Say which loam this is."`

	Licences licencesCmd `cmd:"" help:"The licences of the fonts and weights in this binary."`
}

// errUse marks a mistake in how a command was called: exit code 2.
var errUse = errors.New("bad use")

// answered ends a command that has said everything itself, with its exit code.
type answered int

func (e answered) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(&app{ctx: ctx, in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv}, os.Args[1:])
	stop()
	os.Exit(code)
}

// run executes one command line and gives its exit code: 0 done, 1 the operation failed,
// 2 bad use.
func run(a *app, args []string) (code int) {
	var cli commands
	file, err := configFile("loam.toml", a.getenv)
	if err != nil {
		fmt.Fprintln(a.err, "loam:", err)
		return 2
	}
	options := []kong.Option{
		kong.Name("loam"), kong.UsageOnError(),
		kong.Description("Loam 沃土: the generative-AI layer of a content community."),
		kong.WithHyphenPrefixedParameters(true), // --idea "-50%" is an idea
		kong.Writers(a.out, a.err), kong.Exit(func(c int) { panic(exit(c)) }), kong.Bind(a),
	}
	if file != nil {
		options = append(options, kong.Resolvers(file))
	}
	parser, err := kong.New(&cli, options...)
	if err != nil {
		fmt.Fprintln(a.err, "loam:", err)
		return 1
	}
	defer func() {
		switch e := recover().(type) {
		case nil:
		case exit: // --help ends kong here
			code = int(e)
		default:
			panic(e)
		}
	}()
	c, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(a.err, "loam:", err)
		return 2
	}
	err = c.Run(a)
	if status, ok := errors.AsType[answered](err); ok {
		return int(status)
	}
	if err != nil {
		fmt.Fprintln(a.err, "loam:", web.Say(a.lang(), err))
		if errors.Is(err, errUse) {
			return 2
		}
		return 1
	}
	return 0
}

// missed says on the way what went wrong with one of many files.
func (a *app) missed(err error) { fmt.Fprintln(a.err, oneLine(web.Say(a.lang(), err))) }

// oneLine is s without what steers a terminal: files are named by strangers.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// exit carries kong's exit code out of Parse.
type exit int
