package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"errors"

	"loam"
	"loam/internal/ledger"
	"loam/internal/merkle"
)

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
