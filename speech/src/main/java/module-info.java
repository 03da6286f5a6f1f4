/** Waveforms and the neural audio parts: speech tokenizers, flow decoders, vocoders. Knows no text and no decode loop. */
module sparrow.speech {
    requires transitive sparrow.engine;

    exports sparrow.speech.encode;
    exports sparrow.speech.flow;
    exports sparrow.speech.flow.dit;
    exports sparrow.speech.flow.unet;
    exports sparrow.speech.hift;
    exports sparrow.speech.layers;
    exports sparrow.speech.voice;
    exports sparrow.speech.wave;
    exports sparrow.speech.vocode;

    uses sparrow.speech.voice.VoiceMaker;
}
