package sparrow.models.lfm2;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.BadFileException;
import sparrow.formats.JsonFile;
import sparrow.formats.text.Tokenizer;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.GgufMetadata;
import sparrow.models.family.ModelFiles;
import sparrow.models.gguf.GatheredTensors;
import sparrow.models.gguf.GgufParts;
import sparrow.models.gguf.GgufTransformer;
import sparrow.models.gguf.Names;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.HeadFiles.Kind;
import sparrow.models.weights.Resources;
import sparrow.models.weights.WeightFiles;
import sparrow.speech.detokenize.FrameDecoder;

/**
 * The four GGUF files in which LFM2.5-Audio's publisher provides the model for llama.cpp. Their keys are converted to
 * the original configuration, and their tensors are renamed to the original names. {@code NAME.gguf} contains the
 * language model, {@code mmproj-NAME.gguf} the audio encoder, and {@code vocoder-NAME.gguf} the depth decoder.
 * {@code tokenizer-NAME.gguf} contains the speech decoder, except for a table and a window in the vocoder's file.
 *
 * @param folder the folder that contains the files
 */
record VendorGguf(Path folder, Gguf model, Gguf audioEncoder, Gguf frames, Gguf detokenizer) {
    private static final String AUDIO_ENCODER = "mmproj-";
    private static final String FRAMES = "vocoder-";
    private static final String DETOKENIZER = "tokenizer-";
    private static final String ENDING = ".gguf";

    private static final String ARCHITECTURE = "general.architecture";
    private static final String ENCODER_LAYERS = "clip.audio.block_count";

    /** Layer norm epsilon of the only published audio encoder. */
    private static final float ENCODER_EPSILON = 1e-5f;

    /** Minimum number of positions for a question and its answer. */
    private static final int MIN_CONTEXT = 256;

    /** Tensors in the audio encoder's file that inference does not use: a copy of the code embedding. */
    private static final Set<String> UNUSED_BY_ENCODER =
            Set.of("a.position_embd.weight", "a.position_embd_norm.weight", "a.embd_to_logits.weight");

    /**
     * Tensors in the frames' file that are used. Training tensors and copies of the detokenizer's tensors are ignored.
     */
    private static final Pattern FRAME_TENSORS = Pattern.compile("depthformer\\.layers\\.\\d+\\.[a-z0-9._]+"
            + "|depth_embeddings\\.\\d+\\.(embedding|embedding_norm|to_logits)\\.weight|depth_linear\\.(weight|bias)"
            + "|audio_embedding\\.(embedding|embedding_norm|to_logits)\\.weight|emb\\.emb\\.weight|istft\\.window"
            + "|codebook_offsets|audio_loss_weights|(lfm|lin)\\..+");

    /** Returns whether a folder contains an audio encoder file of this kind and no {@code config.json}. */
    static boolean isIn(Path folder) throws IOException {
        return !Files.exists(folder.resolve("config.json")) && !encoders(folder).isEmpty();
    }

    private static List<String> encoders(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(AUDIO_ENCODER) && name.endsWith(ENDING))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Opens the files. {@code resources} takes ownership of them.
     *
     * @throws BadFileException if a file is missing, damaged or of another kind, or there are files of several models
     * @throws IOException if a file cannot be read
     */
    static Lfm2Parts open(Path folder, Optional<Path> heads, Resources resources) throws IOException {
        List<String> names = encoders(folder);
        if (names.size() != 1) {
            throw new BadFileException(folder, "GGUF", "expected the four files of one model, found " + names);
        }
        String name = names.getFirst().substring(AUDIO_ENCODER.length());
        List<Gguf> files = new ArrayList<>();
        for (String part : List.of("", AUDIO_ENCODER, FRAMES, DETOKENIZER)) {
            files.add(resources.own(Gguf.open(folder.resolve(part + name))));
        }
        return new VendorGguf(folder, files.get(0), files.get(1), files.get(2), files.get(3)).parts(heads);
    }

    private Lfm2Parts parts(Optional<Path> heads) {
        for (Gguf file : List.of(model, detokenizer)) file.values().expect(ARCHITECTURE, "lfm2");
        GgufMetadata values = audioEncoder.values();
        values.expect("clip.projector_type", "lfm2a");
        String epsilon = "clip.audio.attention.layer_norm_epsilon";
        float found = (float) values.number(epsilon);
        if (found != ENCODER_EPSILON) throw values.wrong(epsilon, "" + ENCODER_EPSILON, found);
        return new Lfm2Parts(
                new ModelFiles(
                        folder,
                        Optional.of(audioEncoder.source()),
                        Optional.of(detokenizer.source()),
                        HeadFiles.find(Kind.EXIT, heads, folder),
                        HeadFiles.find(Kind.DRAFT, heads, folder),
                        HeadFiles.find(Kind.FRAME, heads, folder)),
                config(),
                Tokenizer.of(model),
                WeightFiles.format(model),
                backbone(),
                frames,
                this::encoderTensors,
                this::detokenizerConfig,
                this::detokenizerTensors);
    }

    /** Returns the original configuration, after checking it against the tensors. */
    private Lfm2Config config() {
        GgufMetadata values = frames.values();
        ObjectNode depth = object();
        depth.put("layers", values.positive("depthformer_n_layer"));
        int width = values.positive("depthformer_n_embd");
        if (width % (2 * Lfm2Config.DEPTH_HEADS) != 0 || width > Lfm2Config.MAX_DEPTH_WIDTH) {
            throw values.wrong(
                    "depthformer_n_embd",
                    "a multiple of " + 2 * Lfm2Config.DEPTH_HEADS + " up to " + Lfm2Config.MAX_DEPTH_WIDTH,
                    width);
        }
        depth.put("dim", width);
        ObjectNode root = object();
        int rows = frames.tensor("depth_linear.weight", -1, -1).shape().getFirst();
        if (rows % width != 0 || rows == 0 || rows / width > Lfm2Config.MAX_CODEBOOKS) {
            throw new BadFileException(
                    frames.source(),
                    "tensor depth_linear.weight",
                    "expected " + width + " rows for each of 1 to " + Lfm2Config.MAX_CODEBOOKS + " codebooks, found "
                            + rows);
        }
        GgufParts.requireCount(
                frames, "depthformer_n_layer", "depthformer.layers.", values.positive("depthformer_n_layer"));
        GgufParts.requireCount(frames, "depthformer_n_embd", "depth_embeddings.", rows / width);
        GgufParts.requireKnown(frames, name -> FRAME_TENSORS.matcher(name).matches());
        root.put("codebooks", rows / width);
        root.put("interleaved_n_text", number(values, "interleaved_n_text", 6));
        root.put("interleaved_n_audio", number(values, "interleaved_n_audio", 12));
        root.set("depthformer", depth);
        root.set("lfm", layers(model, LayerKeys.FULL_ATTENTION));
        root.set("preprocessor", frontEnd());
        root.set("encoder", encoder());
        return Lfm2Config.of(JsonFile.of(model.source(), root));
    }

    private static int number(GgufMetadata values, String key, int absent) {
        return values.has(key) ? values.positive(key) : absent;
    }

    /**
     * Returns the front end's configuration. Settings for which these files have no key have the published model's
     * values.
     */
    private ObjectNode frontEnd() {
        return object().put("sample_rate", 16_000)
                .put("normalize", "per_feature")
                .put("window_size", 0.025)
                .put("window_stride", 0.01)
                .put("window", "hann")
                .put("n_fft", 512)
                .put("features", audioEncoder.values().positive("clip.audio.num_mel_bins"));
    }

    /**
     * Returns the encoder's configuration. The feed-forward width is read from the tensors, because its key may contain
     * the model's width.
     */
    private ObjectNode encoder() {
        GgufMetadata values = audioEncoder.values();
        int width = values.positive("clip.audio.embedding_length");
        String up = "a.blk.0.ffn_up.weight";
        int inner = audioEncoder.tensor(up, -1, width).shape().getFirst();
        if (inner % width != 0 || inner == 0) {
            throw new BadFileException(
                    audioEncoder.source(), "tensor " + up, "expected a multiple of " + width + " rows, found " + inner);
        }
        String innerKey = "clip.audio.feed_forward_length";
        if (values.has(innerKey) && values.positive(innerKey) != width && values.positive(innerKey) != inner) {
            throw values.wrong(innerKey, width + " or " + inner + ", as tensor " + up, values.positive(innerKey));
        }
        int heads = values.positive("clip.audio.attention.head_count");
        if (width % heads != 0 || width % 2 != 0) {
            throw values.wrong("clip.audio.embedding_length", "an even multiple of " + heads + " heads", width);
        }
        GgufParts.requireCount(audioEncoder, ENCODER_LAYERS, "a.blk.", encoderLayers());
        Set<String> names = Lfm2Names.audioEncoder(encoderLayers()).keySet();
        GgufParts.requireKnown(audioEncoder, name -> names.contains(name) || UNUSED_BY_ENCODER.contains(name));
        Checkpoint tensors = encoderTensors();
        int kernel = tensors.tensor("conformer.layers.0.conv.depthwise_conv.weight", width, 1, -1)
                .shape()
                .getLast();
        if (kernel % 2 == 0) {
            throw new BadFileException(
                    audioEncoder.source(),
                    "tensor a.blk.0.conv_dw.weight",
                    "expected an odd number of taps, found " + kernel);
        }
        int channels = tensors.tensor("conformer.pre_encode.conv.0.weight", -1, 1, 3, 3)
                .shape()
                .getFirst();
        if (channels == 0) {
            throw new BadFileException(audioEncoder.source(), "tensor a.conv1d.0.weight", "expected channels, found 0");
        }
        return object().put("feat_in", values.positive("clip.audio.num_mel_bins"))
                .put("n_layers", encoderLayers())
                .put("d_model", width)
                .put("n_heads", heads)
                .put("ff_expansion_factor", inner / width)
                .put("conv_kernel_size", kernel)
                .put("subsampling_conv_channels", channels)
                .put("subsampling", "dw_striding")
                .put("subsampling_factor", 8)
                .put("self_attention_model", "rel_pos")
                .put("conv_norm_type", "batch_norm");
    }

    private int encoderLayers() {
        return GgufTransformer.layers(audioEncoder, ENCODER_LAYERS);
    }

    /** @throws BadFileException if a key is missing or invalid */
    private JsonFile detokenizerConfig() {
        GgufMetadata values = detokenizer.values();
        ObjectNode root = layers(detokenizer, DetokenizerConfigs.ATTENTION);
        root.put("sliding_window", values.positive("lfm2.attention.sliding_window"));
        int outputs = values.positive("lfm2.embedding_length_out");
        if (outputs != FrameDecoder.OUTPUTS) {
            throw values.wrong("lfm2.embedding_length_out", "" + FrameDecoder.OUTPUTS, outputs);
        }
        return JsonFile.of(detokenizer.source(), root);
    }

    /**
     * Returns the configuration of an LFM2 stack, in which the heads divide the width equally and are rotated
     * completely.
     */
    private static ObjectNode layers(Gguf file, String attention) {
        GgufMetadata values = file.values();
        TransformerConfig sizes = GgufTransformer.config(file);
        if (sizes.queryWidth() != sizes.width()) {
            throw values.wrong(
                    "lfm2.attention.key_length",
                    sizes.heads() + " heads of " + sizes.width() + " channels together",
                    sizes.headWidth());
        }
        if (sizes.rope().dimensions() != sizes.headWidth()) {
            throw values.wrong(
                    "lfm2.rope.dimension_count",
                    "the " + sizes.headWidth() + " channels of a head",
                    sizes.rope().dimensions());
        }
        int inner = file.tensor(Names.weight(1, Names.GATE), -1, sizes.width())
                .shape()
                .getFirst();
        require(values, "lfm2.feed_forward_length", inner, sizes.ffnWidth());
        String vocabulary = "lfm2.vocab_size";
        if (values.has(vocabulary)) require(values, vocabulary, sizes.vocabulary(), values.positive(vocabulary));
        if (sizes.contextLength() < MIN_CONTEXT) {
            throw values.wrong("lfm2.context_length", MIN_CONTEXT + " or more", sizes.contextLength());
        }
        ObjectNode json = object();
        json.put("num_hidden_layers", sizes.layers());
        json.put("hidden_size", sizes.width());
        json.put("num_attention_heads", sizes.heads());
        json.put("num_key_value_heads", sizes.kvHeads());
        ArrayNode types = json.putArray("layer_types");
        for (boolean attends : GgufTransformer.attends(file)) types.add(attends ? attention : LayerKeys.CONVOLUTION);
        json.put("conv_L_cache", values.positive("lfm2.shortconv.l_cache"));
        json.put("norm_eps", sizes.normEpsilon());
        json.put("rope_theta", sizes.rope().base());
        json.put("max_position_embeddings", sizes.contextLength());
        json.put("vocab_size", sizes.vocabulary());
        return json;
    }

    private static void require(GgufMetadata values, String key, int tensors, int found) {
        if (found != tensors) throw values.wrong(key, tensors + ", as in the tensors", found);
    }

    /** Returns the language model's tensors, and rejects unknown tensors. */
    private Checkpoint backbone() {
        SequencedMap<String, String> layers = Lfm2Names.layers(GgufTransformer.attends(model));
        GgufParts.requireKnown(model, layers::containsKey);
        return new GatheredTensors(folder).with(model, layers);
    }

    private Checkpoint encoderTensors() {
        return new GatheredTensors(folder).with(audioEncoder, Lfm2Names.audioEncoder(encoderLayers()));
    }

    private Checkpoint detokenizerTensors() {
        Map<String, String> names = new LinkedHashMap<>(Lfm2Names.layers(GgufTransformer.attends(detokenizer)));
        names.put("dense_2.weight", "lin.weight");
        names.put("dense_2.bias", "lin.bias");
        GgufParts.requireKnown(detokenizer, names::containsKey);
        return new GatheredTensors(folder)
                .with(detokenizer, names)
                .with(frames, Map.of("emb.emb.weight", "emb.emb.weight", "istft.window", "istft.window"));
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
