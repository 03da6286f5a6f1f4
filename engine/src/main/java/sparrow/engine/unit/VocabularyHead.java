package sparrow.engine.unit;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import sparrow.engine.exit.ExitHeads;
import sparrow.engine.exit.Head;
import sparrow.engine.exit.Logits;
import sparrow.engine.exit.PartialHead;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.sample.Prediction;
import sparrow.engine.sample.TokenPrediction;
import sparrow.engine.transformer.Scorer;
import sparrow.engine.transformer.Transformer;

/**
 * Heads over the vocabulary: text and speech share each matrix. If all positions want speech alone, only the rows of the output
 * matrix that speech needs are read. A family of frames asks one for its positions of text.
 */
public final class VocabularyHead implements OutputHead {
    private final ExitHeads heads;
    private final TokenSpace tokens;
    private final BitSet allowedInSpeech;
    private final Scorer scorer;
    private Head speechHead;

    /**
     * Heads for one thread.
     *
     * @param transformer whose states they read
     * @param heads over the vocabulary, by layer
     * @param tokens the meaning of ids
     */
    public VocabularyHead(Transformer transformer, ExitHeads heads, TokenSpace tokens) {
        this.heads = heads;
        this.tokens = tokens;
        this.allowedInSpeech = tokens.allowedInSpeech();
        this.scorer = transformer.newScorer();
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
            if (queries.get(i).speechOnly()) logits.set(i, logits.get(i).only(allowedInSpeech));
        }
        return logits;
    }

    private List<Logits> logits(Head head, List<OutputHead.Query> queries) {
        return head.logits(scorer, queries.stream().map(OutputHead.Query::state).toList());
    }

    private Head speechHead() {
        if (speechHead == null) speechHead = PartialHead.of(heads.full(), allowedInSpeech);
        return speechHead;
    }
}
