"""Explains a data set on Spark: its executors run what backlit has compiled, by bare onnxruntime.

    npx backlit compile digits -o explained.onnx
    pip install pyspark pandas pyarrow onnxruntime
    spark-submit examples/python/spark.py explained.onnx INPUTS.parquet RELEVANCE    # INPUTS has the columns name and x
"""

import os
import sys

import numpy as np
import onnxruntime as ort
import pandas as pd
from pyspark import SparkFiles
from pyspark.sql import SparkSession


def explainer(name):
    """What explains the batches of a partition; `name` is the artefact's among the files that Spark ships."""

    def explain(batches):
        session = ort.InferenceSession(SparkFiles.get(name))
        feed = session.get_inputs()[0]
        for batch in batches:
            x = np.stack(batch["x"]).astype(np.float32).reshape(-1, *feed.shape[1:])
            relevance, target = session.run(["relevance", "explained_target"], {feed.name: x})
            yield pd.DataFrame({"name": batch["name"], "target": target, "relevance": list(relevance.reshape(len(x), -1))})

    return explain


def main(model, inputs, out):
    spark = SparkSession.builder.appName("explain").getOrCreate()
    spark.sparkContext.addFile(model)
    found = spark.read.parquet(inputs).mapInPandas(
        explainer(os.path.basename(model)), "name string, target long, relevance array<float>"
    )
    found.write.mode("overwrite").parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
