/**
 * Waveforms and neural audio networks: audio encoders, flow decoders and vocoders. Programs use waveforms, voices and
 * synthesizers. The network packages are exported only to the module that opens checkpoints.
 */
@SuppressWarnings("module") // sparrow.models is compiled after this module
module sparrow.speech {
    requires transitive sparrow.formats;

    exports sparrow.speech.voice;
    exports sparrow.speech.schedule;
    exports sparrow.speech.vocode;
    exports sparrow.speech.wave;
    exports sparrow.speech.detokenize to
            sparrow.models;
    exports sparrow.speech.encode to
            sparrow.models;
    exports sparrow.speech.fastconformer to
            sparrow.models;
    exports sparrow.speech.flow.dit to
            sparrow.models;
    exports sparrow.speech.flow.unet to
            sparrow.models;
    exports sparrow.speech.hift to
            sparrow.models;
    exports sparrow.speech.layers to
            sparrow.models;
    exports sparrow.speech.lfm to
            sparrow.models;

    uses sparrow.speech.voice.VoiceMaker;
}
