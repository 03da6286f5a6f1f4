package sparrow.study.layers;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.models.SpokenModel;
import sparrow.study.run.Decoding;
import sparrow.study.run.MixedNumerics;
import sparrow.study.run.QuestionSet;
import sparrow.study.speak.TextToSpeech;

/**
 * What to ask, and which layers.
 *
 * @param model that answers, at full depth
 * @param layers below the last one, which is always read
 * @param lens what the layers are read through
 * @param sets of questions, each name once
 * @param textToSpeech speaks questions without a recording
 * @param decoding of the replies
 * @param batch questions whose replies are decoded together; changes nothing but the time, unless the last bit of a
 *     product decides a token
 * @param mixedNumerics which studies are gone on with
 */
public record LayerSetup(
        SpokenModel model,
        SortedSet<Integer> layers,
        Lens lens,
        List<QuestionSet> sets,
        TextToSpeech textToSpeech,
        Decoding decoding,
        int batch,
        MixedNumerics mixedNumerics) {
    public LayerSetup {
        layers = Collections.unmodifiableSortedSet(new TreeSet<>(layers));
        sets = List.copyOf(sets);
        if (layers.isEmpty()) throw new IllegalArgumentException("--layers: expected one or more, got none");
        if (sets.isEmpty()) throw new IllegalArgumentException("data: expected one or more sets, got none");
        if (batch < 1) throw new IllegalArgumentException("batch: expected 1 or more, got " + batch);
    }

    /** With {@link MixedNumerics#REFUSED}. */
    public LayerSetup(
            SpokenModel model,
            SortedSet<Integer> layers,
            Lens lens,
            List<QuestionSet> sets,
            TextToSpeech textToSpeech,
            Decoding decoding,
            int batch) {
        this(model, layers, lens, sets, textToSpeech, decoding, batch, MixedNumerics.REFUSED);
    }
}
