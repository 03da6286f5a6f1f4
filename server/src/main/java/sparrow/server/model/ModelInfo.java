package sparrow.server.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import sparrow.engine.transformer.ModelFingerprint;
import sparrow.models.SpokenModel;
import sparrow.models.chat.Window;
import sparrow.server.reply.ServedModel;

/**
 * Information about a model.
 *
 * @param name the model's own name
 * @param family the name of the model's family
 * @param layers the number of layers, L
 * @param exitLayers the layers that have an exit head, counted from 1
 * @param exit the default exits, in command-line notation
 * @param sampleRateHz the sample rate of the model's speech
 * @param speechUnitsPerSecond tokens or frames per second of speech
 * @param voices the voices that clients may request
 * @param transcribes whether the user's speech is transcribed
 * @param readingVoices the voices for reading aloud, or an empty list if the model cannot read aloud
 * @param fingerprint a fingerprint that distinguishes trained models
 * @param turns the maximum number of turns in a conversation, or null if only the context limits it
 * @param instructions whether the model was trained to follow instructions
 * @param about a one-line description of the model's knowledge and limits, or null if the checkpoint has none
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
    /** Returns information about a served model. */
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
