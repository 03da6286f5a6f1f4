package sparrow.models.glm4voice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import sparrow.models.family.ModelCard;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.RandomModel;
import sparrow.models.random.HiftTensors;
import sparrow.models.random.MadeUpBytePairs;
import sparrow.models.random.MadeUpFiles;
import sparrow.models.random.RandomFile;
import sparrow.models.weights.NewFolder;

/** Writes a GLM-4-Voice folder of random weights as large as the published one, laid out as a converted one. */
final class RandomGlm4Voice {
    private RandomGlm4Voice() {}

    /** As {@link sparrow.models.family.Family#writeRandom} says. */
    static void write(
            PublishedModel model, int layers, Quantisation quantisation, long seed, Path to, ConversionListener listener)
            throws IOException {
        try (NewFolder folder = NewFolder.begin(to)) {
            Path lm = folder.folder("lm");
            RandomModel.write(model, layers, quantisation, seed, lm, folder.path().resolve("heads"), listener);
            Files.writeString(lm.resolve("config.json"), PublishedFiles.LANGUAGE_MODEL.formatted(layers));
            Files.writeString(lm.resolve("generation_config.json"), PublishedFiles.GENERATION);
            VoiceVocabulary vocabulary = VoiceVocabulary.GLM_4_VOICE_9B;
            MadeUpFiles.tiktoken(
                    lm,
                    new MadeUpBytePairs(
                            vocabulary.textTokens(),
                            List.of(Glm4VoicePrompt.SPOKEN, Glm4VoicePrompt.TYPED, Glm4VoicePrompt.OPENING)),
                    vocabulary.addedTokens(),
                    "ChatGLM4Tokenizer");
            speechTokenizer(folder.folder("tokenizer"), seed, listener);
            speechDecoder(folder.folder("decoder"), seed, listener);
            Files.writeString(
                    folder.path().resolve(ModelCard.FILE),
                    String.format(Locale.ROOT, "{\"name\": \"%s of random weights\"}%n", model.name()));
            folder.finish();
        }
    }

    private static void speechTokenizer(Path folder, long seed, ConversionListener listener) throws IOException {
        Files.writeString(folder.resolve("config.json"), PublishedFiles.SPEECH_TOKENIZER);
        Files.writeString(folder.resolve("preprocessor_config.json"), PublishedFiles.FEATURES);
        RandomFile.safetensors(
                folder.resolve("model.safetensors"),
                Glm4VoiceTensors.speechTokenizer(WhisperVqFolder.config(folder)),
                seed,
                listener);
    }

    private static void speechDecoder(Path folder, long seed, ConversionListener listener) throws IOException {
        Path config = folder.resolve("config.yaml");
        Files.writeString(config, PublishedFiles.SPEECH_DECODER);
        DecoderConfigs sizes = DecoderConfigs.read(config);
        RandomFile.torch(folder.resolve("flow.pt"), Glm4VoiceTensors.flow(sizes.flow()), seed, listener);
        RandomFile.torch(folder.resolve("hift.pt"), HiftTensors.of(sizes.hift()), seed, listener);
    }
}
