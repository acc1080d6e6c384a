# dfserve: 10 000 mutated streams against a model of the formats.
python3 "$T/mutate.py" 2 10000 "$T"/vectors/*.bin
