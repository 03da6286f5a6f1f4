package sparrow.speech.wave;

import java.nio.ByteBuffer;

/** Sample formats of written WAV files. */
public enum SampleFormat {
    /** 16-bit integers. A value read from 16 bits is written unchanged. */
    PCM16,
    /** 32-bit IEEE floats. */
    FLOAT32;

    int bytes() {
        return this == PCM16 ? 2 : 4;
    }

    void put(float sample, ByteBuffer to) {
        switch (this) {
            case PCM16 ->
                to.putShort((short) Math.clamp(Math.round(sample * 32768.0), Short.MIN_VALUE, Short.MAX_VALUE));
            case FLOAT32 -> to.putFloat(sample);
        }
    }
}
