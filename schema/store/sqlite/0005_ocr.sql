-- Languages of text in pictures, "eng,deu", or empty: it is not read.
ALTER TABLE scan ADD COLUMN ocr TEXT NOT NULL DEFAULT '';
