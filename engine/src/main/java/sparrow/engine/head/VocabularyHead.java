package sparrow.engine.head;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.HeadKernel;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Transformer;

/**
 * Predicts tokens with heads shared by text and speech. If all positions in a batch may choose only speech, only the
 * speech rows of the output matrix are read. Models with frames use this head for their text positions.
 */
public final class VocabularyHead implements OutputHead {
    private final ExitHeads heads;
    private final TokenSpace tokens;
    private final BitSet allowedInSpeech;
    private final HeadKernel headKernel;
    private ExitHead speechHead;

    /**
     * Creates a head for use by one thread.
     *
     * @param transformer transformer that computes the hidden states
     * @param heads heads over the vocabulary, by layer
     * @param tokens meaning of token ids
     */
    public VocabularyHead(Transformer transformer, ExitHeads heads, TokenSpace tokens) {
        this.heads = heads;
        this.tokens = tokens;
        this.allowedInSpeech = tokens.allowedInSpeech();
        this.headKernel = transformer.newHeadKernel();
    }

    @Override
    public List<Prediction> predict(List<OutputHead.Query> queries, int layer) {
        List<Prediction> predictions = new ArrayList<>();
        List<Logits> logits = logits(queries, layer);
        for (int i = 0; i < logits.size(); i++) {
            OutputHead.Query query = queries.get(i);
            predictions.add(new TokenPrediction(logits.get(i), tokens.usable(), query.sampler(), query.position()));
        }
        return predictions;
    }

    private List<Logits> logits(List<OutputHead.Query> queries, int layer) {
        if (layer < heads.full().layer()) return logits(heads.at(layer), queries);
        if (queries.stream().allMatch(OutputHead.Query::speechOnly)) return logits(speechHead(), queries);
        List<Logits> logits = new ArrayList<>(logits(heads.full(), queries));
        for (int i = 0; i < logits.size(); i++) {
            if (queries.get(i).speechOnly()) logits.set(i, logits.get(i).restrictedTo(allowedInSpeech));
        }
        return logits;
    }

    private List<Logits> logits(ExitHead head, List<OutputHead.Query> queries) {
        return head.logits(
                headKernel, queries.stream().map(OutputHead.Query::state).toList());
    }

    private ExitHead speechHead() {
        if (speechHead == null) speechHead = heads.full().restrictedTo(allowedInSpeech);
        return speechHead;
    }
}
