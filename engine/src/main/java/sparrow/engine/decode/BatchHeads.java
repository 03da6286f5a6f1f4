package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import sparrow.engine.exit.Head;
import sparrow.engine.exit.Logits;
import sparrow.engine.exit.PartialHead;
import sparrow.engine.transformer.Scorer;

/**
 * The heads of a model as a batch asks them: each matrix is read once for all who ask, and where all of them want speech
 * logits alone, only the rows that those need.
 */
final class BatchHeads {
    private final LanguageModel model;
    private final BitSet allowedInSpeech;
    private final Scorer scorer;
    private Head speechHead;

    BatchHeads(LanguageModel model) {
        this.model = model;
        this.scorer = model.transformer().newScorer();
        this.allowedInSpeech = model.tokens().allowedInSpeech();
    }

    /** What the head of a layer says of positions that stand there. */
    List<Logits> logits(List<HeadRow> rows, int layer) {
        if (layer < model.layers()) return logits(model.heads().at(layer), rows);
        if (rows.stream().allMatch(HeadRow::speechLogits)) return logits(speechHead(), rows);
        List<Logits> whole = logits(model.heads().full(), rows);
        if (rows.stream().noneMatch(HeadRow::speechLogits)) return whole;
        return mixed(whole, rows);
    }

    private List<Logits> mixed(List<Logits> whole, List<HeadRow> rows) {
        List<Logits> mixed = new ArrayList<>(whole);
        for (int i = 0; i < mixed.size(); i++) {
            if (rows.get(i).speechLogits()) mixed.set(i, mixed.get(i).only(allowedInSpeech));
        }
        return mixed;
    }

    private List<Logits> logits(Head head, List<HeadRow> rows) {
        return head.logits(scorer, rows.stream().map(HeadRow::state).toList());
    }

    private Head speechHead() {
        if (speechHead == null) {
            speechHead = PartialHead.of(model.heads().full(), allowedInSpeech);
        }
        return speechHead;
    }
}
