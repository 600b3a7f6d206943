package verify

// Check names what was violated. The names are stable.
type Check string

// The checks, in the order in which they are made.
const (
	CheckpointMissing Check = "checkpoint.missing"
	CheckpointSigned  Check = "checkpoint.signed"    // by the log's key, under its origin
	Quorum            Check = "checkpoint.witnesses" // enough of those asked for
	OldSigned         Check = "old.signed"           // an older checkpoint is of this log
	RolledBack        Check = "old.rolled_back"      // it is larger than the log
	SplitView         Check = "old.split_view"       // it is of the same size with another root
	Consistent        Check = "old.consistent"       // the log begins with it
	ReceiptForm       Check = "receipt.form"         //
	ReceiptSigned     Check = "receipt.signed"       // its checkpoint is of this log
	ReceiptProof      Check = "receipt.proof"        // it proves its leaf in its own tree
	ReceiptRolledBack Check = "receipt.rolled_back"  // that tree is larger than the log
	ReceiptKept       Check = "receipt.kept"         // the log begins with that tree
	ExtractForm       Check = "extract.form"         // it is what a manifest says about works
	ExtractProof      Check = "extract.proof"        // the manifest's root proves it
	Entries           Check = "log.entries"          // a bundle is missing or damaged
	Tiles             Check = "log.tiles"            // a tile is missing or not that of the entries
	Root              Check = "log.root"             // the entries lead to the signed root
	LeafForm          Check = "leaf.form"            //
	LeafFit           Check = "leaf.fit"             // its kind has these fields
	BundleSigned      Check = "bundle.signed"        // a bundle that is at hand verifies
	SnapshotSize      Check = "snapshot.size"        // it speaks of leaves shortly before it
	SnapshotRoot      Check = "snapshot.root"        // the replayed state has its root
	WorkOwner         Check = "work.owner"           // a registration counts, and for one account
	CorpusSnapshot    Check = "corpus.snapshot"      // it cites a logged snapshot, of its size
	ModelCorpus       Check = "model.corpus"         // it cites logged corpora
	RetiredModel      Check = "retire.model"         // it withdraws a logged model
	LeafID            Check = "leaf.id"              // a leaf may stand twice, never two under one id
	CorpusLogged      Check = "corpus.logged"        // the corpus asked for is in the log, its manifest beside it
	Manifest          Check = "corpus.manifest"      // its records are in order and lead to the corpus's root
	RecordState       Check = "record.state"         // it cites the corpus's snapshot
	RecordGranted     Check = "record.granted"       // that state grants the use, by the leaf it cites
	RecordHeeded      Check = "record.heeded"        // and so does what had settled when the corpus was logged
)

// Says is what it means that the check is violated, in a sentence.
func (c Check) Says() string {
	switch c {
	case CheckpointMissing:
		return "there is no checkpoint to begin with"
	case CheckpointSigned:
		return "this log's key did not sign the checkpoint"
	case Quorum:
		return "fewer witnesses signed than you ask for"
	case OldSigned:
		return "the older checkpoint is not of this log"
	case RolledBack:
		return "the log shrank: it showed more leaves before"
	case SplitView:
		return "the log shows two trees of one size"
	case Consistent:
		return "the log no longer begins with what it showed before"
	case ReceiptForm:
		return "this is no receipt"
	case ReceiptSigned:
		return "the receipt is of another log; it says nothing against this one"
	case ReceiptProof:
		return "the receipt does not prove its leaf and may be forged; it says nothing against the log"
	case ReceiptRolledBack:
		return "the receipt is of a tree the log no longer has: it took leaves back"
	case ReceiptKept:
		return "the log dropped, moved or changed the leaf of the receipt"
	case ExtractForm:
		return "this is no extract of a corpus's manifest"
	case ExtractProof:
		return "the extract does not prove what it says of a work and may be forged; it says nothing against the log"
	case Entries:
		return "leaves are missing or damaged"
	case Tiles:
		return "hashes are missing or are not those of the leaves"
	case Root:
		return "the leaves do not lead to the signed root"
	case LeafForm:
		return "a leaf is not in the one form leaves have"
	case LeafFit:
		return "a leaf has fields its kind has not, or lacks one it needs"
	case LeafID:
		return "two leaves have one id: the later counts for nothing, whoever holds its receipt"
	case BundleSigned:
		return "a signature does not verify: a leaf said to be signed by its creator is not"
	case SnapshotSize:
		return "a snapshot speaks of another time than its own"
	case SnapshotRoot:
		return "a snapshot's root is not that of the state the leaves lead to"
	case WorkOwner:
		return "a registration counts for nothing, as one for another account or an unsigned one does: whoever holds its receipt was given one for nothing"
	case CorpusSnapshot:
		return "a corpus cites no logged snapshot"
	case ModelCorpus:
		return "a model cites no logged corpus"
	case RetiredModel:
		return "a withdrawal names no logged model"
	case CorpusLogged:
		return "the log has no such corpus, or its manifest is not beside it"
	case Manifest:
		return "the manifest beside the log is not the one the corpus was logged with"
	case RecordState:
		return "a corpus's record speaks of another state than its corpus"
	case RecordGranted:
		return "a corpus holds a work whose use was not granted"
	case RecordHeeded:
		return "a corpus holds a work whose use was closed well before the corpus was logged"
	}
	return ""
}
