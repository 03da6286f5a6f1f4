package sparrow.server.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.TurnPosition;
import sparrow.server.reply.Served;

/**
 * What a model is.
 *
 * @param name what it calls itself
 * @param family what its family is called
 * @param layers L
 * @param exitLayers layers, from 1, that have an exit head
 * @param policy exit policy of speech positions unless a client wants another
 * @param textPolicy the same of text positions
 * @param verification what becomes of early tokens likewise
 * @param sampleRateHz of its speech
 * @param codesPerSecond speech tokens of a second
 * @param voices that clients may name
 * @param fingerprint tells trained models apart
 * @param typedQuestions whether it was trained on questions as text
 * @param laterTurns whether it was trained on questions after others
 * @param caution what it was not trained for, in words; missing if nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ModelFacts(
        String name,
        String family,
        int layers,
        List<Integer> exitLayers,
        String policy,
        String textPolicy,
        String verification,
        int sampleRateHz,
        double codesPerSecond,
        List<String> voices,
        String fingerprint,
        boolean typedQuestions,
        boolean laterTurns,
        String caution) {
    private static final Question TYPED = new Question.Typed("hello");

    /** Of a model and its defaults. */
    static ModelFacts of(Served served) {
        SpokenModel model = served.model();
        ExitPlan plan = served.defaults().plan();
        Optional<String> typed = model.caution(TYPED, TurnPosition.FIRST);
        Optional<String> later = model.caution(new Question.Codes(new int[1]), TurnPosition.LATER);
        String cautions = Stream.of(typed, later).flatMap(Optional::stream).collect(Collectors.joining("; "));
        return new ModelFacts(
                model.name(),
                model.family(),
                model.languageModel().layers(),
                model.languageModel().heads().layers().stream().sorted().toList(),
                plan.speech().toString(),
                plan.text().toString(),
                plan.verification().toString(),
                model.synthesizer().sampleRateHz(),
                model.codesPerSecond(),
                List.of(Served.OWN_VOICE),
                ModelFingerprint.of(model.languageModel().transformer()).hash(),
                typed.isEmpty(),
                later.isEmpty(),
                cautions.isEmpty() ? null : cautions);
    }
}
