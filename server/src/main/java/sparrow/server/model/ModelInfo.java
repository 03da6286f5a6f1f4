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
 * @param name its own name
 * @param family name of its family
 * @param layers L
 * @param exitLayers layers, from 1, that have an exit head
 * @param exit default exits, in the command line's notation
 * @param sampleRateHz of its speech
 * @param speechUnitsPerSecond tokens or frames per second of speech
 * @param voices that clients may name
 * @param transcribes whether the user's speech is transcribed
 * @param readingVoices voices for reading aloud; none if it cannot
 * @param fingerprint distinguishes trained models
 * @param turns maximum turns of a conversation; missing if only the context bounds them
 * @param instructions whether it was trained to follow instructions
 * @param about its knowledge and its limits, in one line; missing if the checkpoint has no such line
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
    /** Returns the facts of a served model. */
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
