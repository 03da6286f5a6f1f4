package sparrow.bench.synth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import sparrow.formats.JsonFile;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.glm4voice.DecoderConfigs;
import sparrow.models.glm4voice.WhisperVqConfigs;
import sparrow.models.lfm2.AudioEncoderConfigs;
import sparrow.models.lfm2.DetokenizerConfigs;
import sparrow.models.lfm2.Lfm2Config;
import sparrow.models.stepaudio.StepAudioConfig;
import sparrow.models.stepaudio.Token2WavConfigs;
import sparrow.speech.hift.HiftConfig;

/** The tensors of the published models, as {@code synth} writes them, except those of the language models in GGUF. */
public final class PublishedTensors {
    private PublishedTensors() {}

    /** The tensors of a model; {@code folder} takes the files of its sizes. */
    public static Stream<TensorDescription> of(PublishedModel model, Path folder) throws IOException {
        return switch (model.architecture()) {
            case CHATGLM -> glm4Voice(model, folder);
            case QWEN2 -> stepAudio(model, folder);
            case LFM2 -> lfm2(model, folder);
            case LFM3 -> Stream.empty(); // always GGUF
        };
    }

    /** Of the speech tokenizer, the flow and the vocoder; {@code folder} takes the files of the sizes. */
    private static Stream<TensorDescription> glm4Voice(PublishedModel model, Path folder) throws IOException {
        RandomGlm4Voice.Sizes sizes = RandomGlm4Voice.Sizes.published(model);
        Files.writeString(folder.resolve("config.json"), sizes.speechTokenizer());
        Files.writeString(folder.resolve("preprocessor_config.json"), Glm4VoiceFiles.FEATURES);
        DecoderConfigs decoder =
                DecoderConfigs.read(Files.writeString(folder.resolve("config.yaml"), sizes.speechDecoder()));
        return Stream.of(
                        Glm4VoiceTensors.speechTokenizer(WhisperVqConfigs.config(folder)),
                        Glm4VoiceTensors.flow(decoder.flow()),
                        HiftTensors.of(decoder.hift()))
                .map(RandomTensors::descriptions)
                .flatMap(list -> list.stream());
    }

    /** Of language model, ear, depth decoder, exit heads and detokenizer; {@code folder} takes the files of the sizes. */
    private static Stream<TensorDescription> lfm2(PublishedModel model, Path folder) throws IOException {
        RandomLfm2.Sizes sizes = RandomLfm2.Sizes.published(model);
        int layers = model.config().layers();
        Files.writeString(folder.resolve("config.json"), sizes.config().formatted(layers, RandomLfm2.kinds(layers)));
        Lfm2Config config = Lfm2Config.read(folder);
        Path detokenizer = Files.writeString(folder.resolve("detokenizer.json"), sizes.detokenizer());
        return Stream.of(
                        Lfm2Tensors.model(
                                model.config(), config, sizes.depthFfn(), AudioEncoderConfigs.read(config.json())),
                        Lfm2Tensors.frameHeads(model.config(), config, model.exitLayers(layers)),
                        Lfm2Tensors.detokenizer(
                                DetokenizerConfigs.read(JsonFile.read(detokenizer)),
                                config.codebooks(),
                                sizes.detokenizerFfn()))
                .map(RandomTensors::descriptions)
                .flatMap(list -> list.stream());
    }

    /** Of the audio encoder, the flow and the vocoder; {@code folder} takes the files of the sizes. */
    private static Stream<TensorDescription> stepAudio(PublishedModel model, Path folder) throws IOException {
        RandomStepAudio.Sizes sizes = RandomStepAudio.Sizes.published(model);
        Files.writeString(
                folder.resolve("config.json"),
                sizes.config().formatted(model.config().layers()));
        Path flow = Files.writeString(folder.resolve("flow.yaml"), sizes.flow());
        return Stream.of(
                        StepAudioTensors.audioEncoder(
                                StepAudioConfig.read(folder).audioEncoder(), sizes.adaptorWidth()),
                        StepAudioTensors.flow(Token2WavConfigs.read(flow)),
                        HiftTensors.of(HiftConfig.token2wav(sizes.vocoderChannels(), sizes.vocoderChannels())))
                .map(RandomTensors::descriptions)
                .flatMap(list -> list.stream());
    }
}
