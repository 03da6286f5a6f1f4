/** Networks that are published as ONNX files. Optional, because ONNX Runtime is a native library. */
package sparrow.onnx;
