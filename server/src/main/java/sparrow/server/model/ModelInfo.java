package sparrow.server.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.models.SpokenModel;
import sparrow.models.chat.Window;
import sparrow.server.reply.ServedModel;

/**
 * The facts of a model.
 *
 * @param name what it calls itself
 * @param family what its family is called
 * @param layers L
 * @param exitLayers layers, from 1, that have an exit head
 * @param exit exits unless a client wants others, in the command line's notation
 * @param sampleRateHz of its speech
 * @param speechUnitsPerSecond units of a second of its speech, tokens or frames
 * @param voices that clients may name
 * @param transcribes whether what is said is written down
 * @param readingVoices in which it reads aloud; none if it does not
 * @param fingerprint distinguishes trained models
 * @param turns of a conversation that it is asked with at most; missing if the context alone bounds them
 * @param instructions whether it was trained to obey any
 * @param about its knowledge and its limits, in a line; missing if its checkpoint says nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ModelInfo(
        String name,
        String family,
        int layers,
        List<Integer> exitLayers,
        String exit,
        int sampleRateHz,
        double speechUnitsPerSecond,
        List<String> voices,
        boolean transcribes,
        List<String> readingVoices,
        String fingerprint,
        Integer turns,
        boolean instructions,
        String about) {
    /** Of a model and its defaults. */
    static ModelInfo of(ServedModel served) {
        SpokenModel model = served.model();
        int turns = served.window().turns();
        return new ModelInfo(
                model.name(),
                model.family(),
                model.languageModel().layers(),
                List.copyOf(model.languageModel().exitLayers()),
                served.defaults().plan().toString(),
                model.synthesizer().sampleRateHz(),
                model.speechUnitsPerSecond(),
                List.of(ServedModel.OWN_VOICE),
                served.transcribes(),
                model.readingVoices(),
                ModelFingerprint.of(model.languageModel().transformer()).hash(),
                turns == Window.ALL_TURNS ? null : turns,
                model.followsInstructions(),
                model.about().orElse(null));
    }
}
