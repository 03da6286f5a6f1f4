/** Number formats, matrices and the kernels that compute with them. */
module sparrow.tensor {
    requires jdk.incubator.vector;
    requires jdk.management;

    exports sparrow.tensor;
    exports sparrow.tensor.kernel;

    uses sparrow.tensor.kernel.MatrixLibrary;
}
