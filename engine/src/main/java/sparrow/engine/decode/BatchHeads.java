package sparrow.engine.decode;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import sparrow.engine.exit.Head;
import sparrow.engine.exit.HeadScratch;
import sparrow.engine.exit.Logits;
import sparrow.engine.exit.PartialHead;

/**
 * The heads of a model as a batch asks them: each matrix is read once for all who ask, and where all of them want speech
 * logits alone, only the rows that those need.
 */
final class BatchHeads {
    private final LanguageModel model;
    private final BitSet allowedInSpeech;
    private final HeadScratch scratch = new HeadScratch();
    private Head speechHead;

    BatchHeads(LanguageModel model) {
        this.model = model;
        this.allowedInSpeech = model.tokens().allowedInSpeech();
    }

    /** What the head of a layer says of the newest position of each generation; all of them stand at that layer. */
    List<Logits> logits(List<Generation> asking, int layer) {
        if (layer < model.layers()) return logits(model.heads().at(layer), asking);
        if (asking.stream().allMatch(Generation::wantsSpeechLogits)) return logits(speechHead(), asking);
        List<Logits> whole = logits(model.heads().full(), asking);
        if (asking.stream().noneMatch(Generation::wantsSpeechLogits)) return whole;
        return mixed(whole, asking);
    }

    private List<Logits> mixed(List<Logits> whole, List<Generation> asking) {
        List<Logits> mixed = new ArrayList<>(whole);
        for (int i = 0; i < mixed.size(); i++) {
            if (asking.get(i).wantsSpeechLogits()) mixed.set(i, mixed.get(i).only(allowedInSpeech));
        }
        return mixed;
    }

    private List<Logits> logits(Head head, List<Generation> asking) {
        List<float[]> hidden = asking.stream()
                .map(generation -> generation.sequence().newest())
                .toList();
        return head.logits(model.transformer().kernels(), hidden, scratch);
    }

    private Head speechHead() {
        if (speechHead == null) {
            speechHead = PartialHead.of(model.heads().full(), allowedInSpeech);
        }
        return speechHead;
    }
}
